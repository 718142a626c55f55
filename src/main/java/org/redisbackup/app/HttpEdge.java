package org.redisbackup.app;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.redisbackup.api.ApiError;
import org.redisbackup.api.ApiJson;
import org.redisbackup.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens to a request before a route sees it, and what no route can answer: who asks, unknown addresses and
 * methods, bodies too large. Every answer is JSON and carries an {@code X-Request-Id}.
 */
final class HttpEdge {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);
    private static final String REQUEST_ID = "X-Request-Id";

    private static final int BAD_REQUEST = 400;

    // Routes of the REST DSL have orders from 0 up
    private static final int FIRST = -100;
    private static final int SECOND = -90;
    private static final int THIRD = -80;

    private final CamelContext context;
    private final int port;
    private final AccessGate gate;
    private final BooleanSupplier ending;
    private final Map<String, Pattern> paths = new ConcurrentHashMap<>();

    /**
     * @param port of the server
     * @param ending whether the service is about to end, and takes no more requests
     */
    HttpEdge(CamelContext context, int port, AccessGate gate, BooleanSupplier ending) {
        this.context = context;
        this.port = port;
        this.gate = gate;
        this.ending = ending;
    }

    /** To be called before the server listens, so that no request passes unchecked. */
    void install() {
        VertxPlatformHttpRouter router = router();
        OpenApiDocument.install(router, FIRST - 10);
        router.route().order(FIRST).handler(this::admit).failureHandler(this::failed);
        router.route().order(SECOND).handler(gate::decide);
        router.route().order(THIRD).handler(this::find);
    }

    /** A path that can't be decoded reaches no route of {@link #install}; to be called when the server listens. */
    void refuseBadPaths() {
        Router whole = (Router) router().getServer().getServer().requestHandler();
        whole.errorHandler(BAD_REQUEST, this::refuse);
    }

    private VertxPlatformHttpRouter router() {
        return VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
    }

    private void admit(RoutingContext request) {
        identify(request.response());
        if (context.isStarted() && !ending.getAsBoolean()) {
            gate.examine(request);
        } else { // the operations that there are, are not all known, or soon there are none
            request.response().putHeader("Retry-After", "1");
            answer(request, ApiError.of(ErrorCode.NOT_READY));
        }
    }

    private void refuse(RoutingContext request) {
        identify(request.response());
        gate.pass(request, () -> answer(request, ApiError.of(ErrorCode.UNKNOWN_URL)));
    }

    /** Gives the answer an id that its error can name. */
    static void identify(HttpServerResponse response) {
        response.putHeader(REQUEST_ID, UUID.randomUUID().toString().replace("-", ""));
    }

    private void find(RoutingContext request) {
        Set<String> methods = context.getRestRegistry().listAllRestServices().stream()
                .filter(service -> matches(service.getBaseUrl(), request.normalizedPath()))
                .map(service -> service.getMethod().toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
        if (methods.isEmpty()) {
            answer(request, ApiError.of(ErrorCode.UNKNOWN_URL));
        } else if (!methods.contains(request.request().method().name())) {
            request.response().putHeader("Allow", String.join(", ", methods));
            answer(request, ApiError.of(ErrorCode.METHOD_NOT_ALLOWED));
        } else {
            request.next();
        }
    }

    /** @param template of a contract-first operation; Camel keeps it as its base URL */
    private boolean matches(String template, String path) {
        return paths.computeIfAbsent(template, each -> Pattern.compile(each.replaceAll("\\{[^/]+}", "[^/]+")))
                .matcher(path)
                .matches();
    }

    private void failed(RoutingContext request) {
        Throwable failure = request.failure();
        if (failure instanceof HttpClosedException) {
            return; // nobody waits for the answer
        }
        if (failure instanceof DecoderException || isBadChunk(request)) {
            answer(request, ApiError.of(ErrorCode.NOT_HTTP));
            return;
        }
        switch (request.statusCode()) {
            case 400 -> answer(request, ApiError.invalidField("query", "it is not percent-encoded"));
            case 413 -> answer(request, ApiError.of(ErrorCode.BODY_TOO_LARGE));
            case 404 -> answer(request, ApiError.of(ErrorCode.UNKNOWN_URL));
            default -> {
                LOG.error("{} {} failed", request.request().method(), request.normalizedPath(), failure);
                answer(request, ApiError.of(ErrorCode.INTERNAL));
            }
        }
    }

    /** Netty does not say it better. */
    private static boolean isBadChunk(RoutingContext request) {
        return request.failure() instanceof NumberFormatException
                && !request.request().isEnded();
    }

    static void answer(RoutingContext request, ApiError error) {
        answer(request.request(), error);
    }

    /** Answers a request that has been {@link #identify identified}. */
    static void answer(HttpServerRequest request, ApiError error) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (error.hint() != null) {
            LOG.info("A request is refused: {} {} ({})", error.code(), error.message(), error.hint());
            response.putHeader(ApiError.HINT, error.hint());
        }
        response.setStatusCode(error.status()).putHeader("Content-Type", "application/json");
        if (request.method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(
                    ApiJson.write(error.answering(response.headers().get(REQUEST_ID)))));
        }
    }
}
