package org.redisbackup.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.redisbackup.api.ApiError;
import org.redisbackup.api.ApiJson;
import org.redisbackup.api.ErrorCode;

/**
 * The contract of the API at {@code /openapi}, in JSON or, when the request accepts YAML alone or asks for {@code
 * /openapi.yaml}, as it was written. Everybody may read it: it tells nothing about this service that the source does not.
 */
final class OpenApiDocument {
    private static final String RESOURCE = "/openapi/dcs-migration-v2.yaml";
    private static final String YAML = ".yaml";

    private final Buffer yaml;
    private final Buffer json;

    private OpenApiDocument(byte[] yaml) throws IOException {
        this.yaml = Buffer.buffer(yaml);
        JsonNode document = new YAMLMapper().readTree(yaml);
        json = Buffer.buffer(ApiJson.write(document));
    }

    /** @param order of its Vert.x routes, to come before everything that asks who it is */
    static void install(Router router, int order) {
        OpenApiDocument document = read();
        for (String path : new String[] {"/openapi", "/openapi.json", "/openapi" + YAML}) {
            router.route(path).order(order).handler(document::answer);
        }
    }

    private static OpenApiDocument read() {
        try (InputStream resource = OpenApiDocument.class.getResourceAsStream(RESOURCE)) {
            return new OpenApiDocument(resource.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(RoutingContext request) {
        HttpEdge.identify(request.response());
        switch (request.request().method().name()) {
            case "GET" -> head(request).end(isYaml(request) ? yaml : json);
            case "HEAD" ->
                head(request)
                        .putHeader("Content-Length", Integer.toString((isYaml(request) ? yaml : json).length()))
                        .end();
            default -> HttpEdge.answer(request, ApiError.of(ErrorCode.METHOD_NOT_ALLOWED));
        }
    }

    private static HttpServerResponse head(RoutingContext request) {
        return request.response().putHeader("Content-Type", isYaml(request) ? "application/yaml" : "application/json");
    }

    private static boolean isYaml(RoutingContext request) {
        String path = request.normalizedPath();
        String accepted = String.valueOf(request.request().getHeader("Accept")).toLowerCase(Locale.ROOT);
        return path.endsWith(YAML)
                || (path.equals("/openapi")
                        && accepted.contains("yaml")
                        && !accepted.contains("json")
                        && !accepted.contains("*/*"));
    }
}
