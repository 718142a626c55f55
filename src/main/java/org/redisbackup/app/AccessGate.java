package org.redisbackup.app;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.redisbackup.api.ApiException;
import org.redisbackup.api.auth.AccessControl;
import org.redisbackup.api.auth.Admission;
import org.redisbackup.api.auth.RequestHead;

/**
 * Lets requests through that may go on. The body of a request is read here if its signature covers it, and only after
 * everything else about the signature is found to be right.
 */
final class AccessGate {
    private static final String ADMISSION = AccessGate.class.getName();
    private static final byte[] NO_BODY = new byte[0];

    private final AccessControl access;
    private final BodyHandler bodies;

    /** @param maxBodySize in bytes; a longer body fails the request with 413 */
    AccessGate(AccessControl access, long maxBodySize) {
        this.access = access;
        bodies = BodyHandler.create(false).setBodyLimit(maxBodySize);
    }

    /** Goes on with the next handler, which is to be {@link #decide}. */
    void examine(RoutingContext request) {
        Admission admission;
        try {
            admission = access.examine(head(request.request(), request.normalizedPath()));
        } catch (ApiException e) {
            HttpEdge.answer(request, e.error());
            return;
        }
        request.put(ADMISSION, admission);
        // all bodies are JSON: one that claims to be a form would be taken apart, and lost
        request.request().headers().set("Content-Type", "application/json");
        if (admission.needsBody()) {
            bodies.handle(request);
        } else {
            request.next();
        }
    }

    /** Goes on with the next handler, or answers. */
    void decide(RoutingContext request) {
        Admission admission = request.get(ADMISSION);
        Buffer body = admission.needsBody() ? request.body().buffer() : null;
        settle(request, access.decide(admission, body == null ? NO_BODY : body.getBytes()), request::next);
    }

    /** For a request whose path can't be decoded: it has no signature that could be right. */
    void pass(RoutingContext request, Runnable next) {
        try {
            settle(request, access.decide(access.examine(head(request.request(), "/")), NO_BODY), next);
        } catch (ApiException e) {
            HttpEdge.answer(request, e.error());
        }
    }

    /** Nothing is read from the client while the decision is waited for. */
    private static void settle(RoutingContext request, CompletionStage<Void> decision, Runnable next) {
        if (decision.toCompletableFuture().isDone()) {
            decision.whenComplete((allowed, failure) -> goOn(request, failure, next));
            return;
        }
        request.request().pause();
        Context eventLoop = request.vertx().getOrCreateContext();
        decision.whenComplete((allowed, failure) -> eventLoop.runOnContext(now -> {
            request.request().resume();
            goOn(request, failure, next);
        }));
    }

    private static void goOn(RoutingContext request, Throwable failure, Runnable next) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            next.run();
        } else if (cause instanceof ApiException refused) {
            HttpEdge.answer(request, refused.error());
        } else {
            request.fail(cause);
        }
    }

    private static RequestHead head(HttpServerRequest request, String route) {
        Map<String, List<String>> headers = new HashMap<>();
        request.headers()
                .names()
                .forEach(name -> headers.put(name, request.headers().getAll(name)));
        if (request.authority() != null) {
            // HTTP/2 has no header Host
            headers.putIfAbsent("Host", List.of(request.authority().toString()));
        }
        return new RequestHead(
                request.method().name(),
                request.path(),
                route,
                request.query(),
                request.remoteAddress().hostAddress(),
                headers);
    }
}
