package org.redisbackup.app;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.impl.VertxWrapper;
import org.redisbackup.api.ApiError;
import org.redisbackup.api.ErrorCode;

/**
 * Vert.x with what Camel's server has no properties for: room for the headers of the API, whose tokens may have 16 KB,
 * and an answer in JSON to what is no request at all.
 */
final class ServerVertx extends VertxWrapper {
    /** A token of the longest kind, and twice the 8 KB that Vert.x gives to all headers together. */
    private static final int MAX_HEADER_SIZE = 32 * 1024;

    /** Seconds without a byte in either direction; longer than a request may wait for a stop. */
    private static final int MAX_SILENCE = 90;

    private final Runnable beforeListening;

    /** @param beforeListening runs when Camel has made its routers for a server, and before it takes requests */
    ServerVertx(Runnable beforeListening) {
        super((VertxInternal) Vertx.vertx());
        this.beforeListening = beforeListening;
    }

    @Override
    public HttpServer createHttpServer(HttpServerOptions options) {
        beforeListening.run();
        return super.createHttpServer(
                        // signatures and limits are about HTTP/1.1, and no client of the API speaks anything else
                        options.setMaxHeaderSize(MAX_HEADER_SIZE)
                                .setIdleTimeout(MAX_SILENCE)
                                .setHttp2ClearTextEnabled(false))
                .invalidRequestHandler(ServerVertx::refuse);
    }

    private static void refuse(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        ErrorCode code = cause instanceof TooLongHttpHeaderException
                ? ErrorCode.HEADERS_TOO_LARGE
                : cause instanceof TooLongHttpLineException ? ErrorCode.URL_TOO_LONG : ErrorCode.NOT_HTTP;
        HttpEdge.identify(request.response());
        HttpEdge.answer(request, ApiError.of(code));
        request.connection().close();
    }
}
