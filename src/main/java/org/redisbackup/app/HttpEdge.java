package org.redisbackup.app;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.spi.RestRegistry;
import org.redisbackup.api.AccessControl;
import org.redisbackup.api.ApiError;
import org.redisbackup.api.ApiException;
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

    private final RestRegistry operations;
    private final AccessControl access;

    private HttpEdge(RestRegistry operations, AccessControl access) {
        this.operations = operations;
        this.access = access;
    }

    /** To be called before the routes start, so that no request passes unchecked. */
    static void install(CamelContext context, int port, AccessControl access) {
        VertxPlatformHttpRouter router =
                VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(port));
        HttpEdge edge = new HttpEdge(context.getRestRegistry(), access);
        router.route().order(FIRST).handler(edge::admit).failureHandler(edge::failed);
        router.route().order(SECOND).handler(edge::find);
        // a path that can't be decoded reaches no route
        Router whole = (Router) router.getServer().getServer().requestHandler();
        whole.errorHandler(BAD_REQUEST, edge::refuse);
    }

    private void admit(RoutingContext request) {
        if (isAdmitted(request, request.normalizedPath())) {
            request.next();
        }
    }

    private void refuse(RoutingContext request) {
        if (isAdmitted(request, "/")) {
            answer(request, ApiError.of(ErrorCode.UNKNOWN_URL));
        }
    }

    /** Answers a request that may not go on. */
    private boolean isAdmitted(RoutingContext request, String path) {
        request.response().putHeader(REQUEST_ID, UUID.randomUUID().toString().replace("-", ""));
        try {
            access.check(
                    request.request().method().name(),
                    path,
                    request.request().getHeader("X-Auth-Token"),
                    request.request().getHeader("X-Project-Id"));
            return true;
        } catch (ApiException e) {
            answer(request, e.error());
            return false;
        }
    }

    private void find(RoutingContext request) {
        List<RestRegistry.RestService> atPath = operations.listAllRestServices().stream()
                .filter(service -> matches(service.getBaseUrl(), request.normalizedPath()))
                .toList();
        String method = request.request().method().name();
        if (atPath.isEmpty()) {
            answer(request, ApiError.of(ErrorCode.UNKNOWN_URL));
        } else if (atPath.stream().noneMatch(service -> service.getMethod().equalsIgnoreCase(method))) {
            answer(request, ApiError.of(ErrorCode.METHOD_NOT_ALLOWED));
        } else {
            request.next();
        }
    }

    /** @param template of a contract-first operation; Camel keeps it as its base URL */
    private static boolean matches(String template, String path) {
        return Pattern.matches(template.replaceAll("\\{[^/]+}", "[^/]+"), path);
    }

    private void failed(RoutingContext request) {
        switch (request.statusCode()) {
            case 413 -> answer(request, ApiError.of(ErrorCode.BODY_TOO_LARGE));
            case 404 -> answer(request, ApiError.of(ErrorCode.UNKNOWN_URL));
            default -> {
                LOG.error("{} {} failed", request.request().method(), request.normalizedPath(), request.failure());
                answer(request, ApiError.of(ErrorCode.INTERNAL));
            }
        }
    }

    private static void answer(RoutingContext request, ApiError error) {
        HttpServerResponse response = request.response();
        if (response.ended()) {
            return;
        }
        response.setStatusCode(error.status()).putHeader("Content-Type", "application/json");
        if (request.request().method().equals(HttpMethod.HEAD)) {
            response.end();
        } else {
            response.end(Buffer.buffer(ApiJson.write(error)));
        }
    }
}
