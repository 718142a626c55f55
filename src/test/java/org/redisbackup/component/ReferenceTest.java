package org.redisbackup.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** {@code src/docs/reference.md} is what the catalog files, the kamelet and the route template say of themselves. */
class ReferenceTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DOCUMENT = Path.of("src/docs/reference.md");
    private static final Path WRITTEN = Path.of("target/reference.md");
    private static final List<String> OF_EVERY_COMPONENT = List.of("lazyStartProducer", "autowiredEnabled");

    @Test
    void listsEveryOption() throws IOException {
        JsonNode component = json("META-INF/org/redisbackup/component/redis-restore.json");
        JsonNode dataFormat = json("META-INF/org/redisbackup/component/rdb.json");
        JsonNode kamelet = yaml("kamelets/redis-backup-restore.kamelet.yaml").at("/spec/definition");
        JsonNode template =
                yaml("org/redisbackup/component/restore-backup.camel.yaml").at("/0/routeTemplate");
        String reference = String.join(
                "\n",
                "# All options",
                "",
                "Written by `ReferenceTest` from the files that Camel's tools read.",
                "",
                section("Data format `rdb`", dataFormat.at("/dataformat/description")),
                options(dataFormat.get("properties")),
                section("Component `redis-restore:address`", component.at("/component/description")),
                options(component.get("properties")),
                "Options but `address` can be set for all endpoints: `camel.component.redis-restore.*`. Headers:\n",
                options(component.get("headers")),
                section("Kamelet `redis-backup-restore`", kamelet.get("description")),
                options(kamelet.get("properties")),
                section("Route template `restore-backup`", template.get("description")),
                table(rows(template.get("parameters"))));
        Files.writeString(WRITTEN, reference);
        assertThat(DOCUMENT).as("copy %s to %s", WRITTEN, DOCUMENT).hasContent(reference);
    }

    private static String section(String title, JsonNode description) {
        return "## " + title + "\n\n" + description.asText() + "\n";
    }

    private static String options(JsonNode options) {
        return table(options.properties().stream()
                .filter(option -> !OF_EVERY_COMPONENT.contains(option.getKey()))
                .map(option -> row(option.getKey(), option.getValue()))
                .collect(Collectors.joining("\n")));
    }

    private static String rows(JsonNode parameters) {
        return StreamSupport.stream(parameters.spliterator(), false)
                .map(parameter -> row(parameter.get("name").asText(), parameter))
                .collect(Collectors.joining("\n"));
    }

    private static String row(String name, JsonNode option) {
        JsonNode value = option.has("default") ? option.get("default") : option.path("defaultValue");
        return "| `" + name + "` | " + option.get("description").asText() + " | "
                + (value.isMissingNode() ? "" : "`" + value.asText() + "`") + " |";
    }

    private static String table(String rows) {
        return "| name | meaning | default |\n|---|---|---|\n" + rows + "\n";
    }

    private static JsonNode json(String resource) throws IOException {
        try (InputStream in = open(resource)) {
            return JSON.readTree(in);
        }
    }

    private static JsonNode yaml(String resource) throws IOException {
        try (InputStream in = open(resource)) {
            return JSON.valueToTree(new Yaml().<Object>load(in));
        }
    }

    private static InputStream open(String resource) {
        return ReferenceTest.class.getClassLoader().getResourceAsStream(resource);
    }
}
