package org.redisbackup.component;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.catalog.RuntimeCamelCatalog;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Metadata;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;

/** What Camel's catalog, and the tools that ask it, know of the component and the data format. */
class CatalogTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final RuntimeCamelCatalog catalog = PluginHelper.getRuntimeCamelCatalog(context);

    @Test
    void checksEndpoints() {
        EndpointValidationResult good =
                catalog.validateProperties("redis-restore", Map.of("address", "localhost", "conflictPolicy", "SKIP"));
        assertThat(good.isSuccess()).as(good.summaryErrorMessage(true)).isTrue();

        EndpointValidationResult bad = catalog.validateProperties(
                "redis-restore", Map.of("address", "localhost", "conflictPolicy", "MAYBE", "speed", "high"));
        assertThat(bad.getInvalidEnum()).containsOnlyKeys("conflictPolicy");
        assertThat(bad.getUnknown()).containsExactly("speed");
    }

    @Test
    void describesTheDataFormatAsItIs() throws Exception {
        JsonNode described = JSON.readTree(context.getDataFormatParameterJsonSchema("rdb"));
        assertThat(described.at("/dataformat/javaType").asText()).isEqualTo(RdbDataFormat.class.getName());

        List<Field> options = Arrays.stream(RdbDataFormat.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(Metadata.class))
                .toList();
        assertThat(described.get("properties").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(options.stream().map(Field::getName).toList());
        for (Field option : options) {
            JsonNode property = described.at("/properties/" + option.getName());
            Metadata metadata = option.getAnnotation(Metadata.class);
            assertThat(property.get("description").asText()).isEqualTo(metadata.description());
            assertThat(property.path("defaultValue").asText()).isEqualTo(metadata.defaultValue());
            assertThat(property.get("javaType").asText())
                    .isEqualTo(option.getType().getName());
        }
    }
}
