package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.oas.OpenApi30;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What the OpenAPI document says of answers, and whether they are so. */
final class OpenApiContract {
    static final String RESOURCE = "openapi/dcs-migration-v2.yaml";

    /** Whatever the operation: what is asked is too long, or too early. */
    private static final Set<Integer> OF_THE_SERVER = Set.of(414, 431, 503);

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode DOCUMENT = read();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.builder(
                    JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4))
            .metaSchema(JsonMetaSchema.builder(OpenApi30.getInstance())
                    .unknownKeywordFactory((keyword, context) -> new NonValidationKeyword(keyword))
                    .build())
            .defaultMetaSchemaIri(OpenApi30.getInstance().getIri())
            .build();
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private static final List<Operation> OPERATIONS = operations();

    /**
     * One operation of the document.
     *
     * @param path template, with names in braces
     */
    record Operation(String id, String method, String path, JsonNode description) {
        boolean is(String wantedMethod, String wantedPath) {
            return method.equals(wantedMethod) && wantedPath.matches(path.replaceAll("\\{[^/]+}", "[^/]+"));
        }
    }

    private OpenApiContract() {}

    private static JsonNode read() {
        try (InputStream document = OpenApiContract.class.getResourceAsStream("/" + RESOURCE)) {
            return new YAMLMapper().readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Operation> operations() {
        List<Operation> all = new ArrayList<>();
        DOCUMENT.get("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> !method.getKey().equals("parameters"))
                .forEach(method -> all.add(new Operation(
                        method.getValue().get("operationId").asText(),
                        method.getKey().toUpperCase(Locale.ROOT),
                        path.getKey(),
                        method.getValue()))));
        all.sort(Comparator.comparing(operation -> operation.path().contains("{task_id}"))); // literal paths first
        return List.copyOf(all);
    }

    static JsonNode document() {
        return DOCUMENT;
    }

    static List<Operation> all() {
        return OPERATIONS;
    }

    static Optional<Operation> find(String method, String path) {
        String collapsed = path.replaceAll("/+", "/");
        return OPERATIONS.stream().filter(each -> each.is(method, collapsed)).findFirst();
    }

    /** Checks status, headers and body against the operation that was called, or against what all errors share. */
    static void check(HttpResponse<String> response) {
        String method = response.request().method();
        String path = response.uri().getRawPath();
        int status = response.statusCode();
        assertThat(response.headers().firstValue("X-Request-Id"))
                .as("X-Request-Id of %s %s", method, path)
                .hasValueSatisfying(id -> assertThat(id).matches("[0-9a-f]{32}"));
        Optional<Operation> operation = find(method, path);
        if (operation.isPresent() && !OF_THE_SERVER.contains(status)) {
            assertThat(operation.get().description().get("responses").has(Integer.toString(status)))
                    .as("%s may answer %s: %s", operation.get().id(), status, response.body())
                    .isTrue();
        }
        if (status == 204) {
            assertThat(response.body()).isEmpty();
            return;
        }
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .as("content type of %s %s", method, path)
                .startsWith("application/json");
        if (!method.equals("HEAD")) {
            String schema = status < 400 ? successOf(operation.orElseThrow()) : "Error";
            checkBody(schema, response.body());
        }
    }

    private static String successOf(Operation operation) {
        String reference = operation
                .description()
                .at("/responses/200/content/application~1json/schema/$ref")
                .asText();
        return reference.substring(reference.lastIndexOf('/') + 1);
    }

    /** Checks a body against a schema of the document. */
    static void checkBody(String schema, String body) {
        try {
            JsonNode json = JSON.readTree(body);
            assertThat(SCHEMAS.getSchema(
                                    SchemaLocation.of("classpath:" + RESOURCE + "#/components/schemas/" + schema),
                                    STRICT)
                            .validate(json))
                    .as("%s: %s", schema, body)
                    .isEmpty();
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + body, e);
        }
    }
}
