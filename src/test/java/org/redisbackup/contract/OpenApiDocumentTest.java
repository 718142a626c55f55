package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The OpenAPI document is valid, names the operations that have routes, and is served. */
class OpenApiDocumentTest {
    private final RunningService service = RunningService.shared();

    @Test
    void itIsValid() throws Exception {
        String text = Files.readString(Path.of("src/main/resources", OpenApiContract.RESOURCE));
        SwaggerParseResult parsed = new OpenAPIV3Parser().readContents(text);
        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getComponents().getSecuritySchemes().keySet())
                .containsExactlyInAnyOrder("token", "signature");
    }

    @Test
    void everyOperationHasARouteAndEveryRouteAnOperation() throws Exception {
        List<String> routes = new ArrayList<>();
        JsonNode file =
                new YAMLMapper().readTree(Path.of("routes/api.camel.yaml").toFile());
        for (JsonNode route : file) {
            String from = route.at("/route/from/uri").asText();
            if (from.matches("direct:[A-Z].*")) {
                routes.add(from.substring("direct:".length()));
            }
        }
        assertThat(routes)
                .hasSize(26)
                .containsExactlyInAnyOrderElementsOf(OpenApiContract.all().stream()
                        .map(OpenApiContract.Operation::id)
                        .toList());
    }

    @Test
    void itIsServedToEverybody() throws Exception {
        JsonNode document = OpenApiContract.document();
        for (String path : List.of("/openapi", "/openapi.json")) {
            HttpResponse<String> json =
                    service.sendUnchecked(service.request(path).header("Accept", "*/*"));
            assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
            assertThat(json.headers().firstValue("X-Request-Id")).isPresent();
            assertThat(new ObjectMapper().readTree(json.body())).isEqualTo(document);
        }
        for (HttpRequest.Builder request : List.of(
                service.request("/openapi.yaml"), service.request("/openapi").header("Accept", "application/yaml"))) {
            HttpResponse<String> yaml = service.sendUnchecked(request);
            assertThat(yaml.headers().firstValue("Content-Type")).contains("application/yaml");
            assertThat(yaml.body())
                    .isEqualTo(Files.readString(Path.of("src/main/resources", OpenApiContract.RESOURCE)));
        }
        AccessTest.assertError(
                service.send(service.request("/openapi").DELETE()),
                405,
                "{\"error_code\":\"DCS.5001\",\"error_msg\":\"This request method is not allowed.\","
                        + "\"error_ext_msg\":null}");
    }

    /** The check of every answer in these tests is worth something only if it can fail. */
    @Test
    void anAnswerOfTheWrongTypeIsNoticed() {
        OpenApiContract.checkBody("ListMigrationTaskResponse", "{\"count\":0,\"migration_tasks\":[]}");
        for (String wrong : List.of(
                "{\"count\":\"0\",\"migration_tasks\":[]}",
                "{\"count\":0,\"migration_tasks\":null}",
                "{\"count\":0}",
                "{\"count\":1,\"migration_tasks\":[{\"task_id\":1}]}")) {
            assertThatThrownBy(() -> OpenApiContract.checkBody("ListMigrationTaskResponse", wrong))
                    .isInstanceOf(AssertionError.class);
        }
    }
}
