package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;

class StatusEndpointTest {
    @TempDir
    private Path folder;

    @Test
    void aFinishedTaskIsToldToTheEndpointsThatAPropertyNames() throws Exception {
        Path one = folder.resolve("one");
        Path two = folder.resolve("two");
        Map<String, String> properties =
                Map.of("redisbackup.status.endpoint", "file:" + one + ",file:" + two + "?fileName=status.json");
        try (RunningService service = RunningService.start(properties)) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String id = service.create(service.body("types.rdb"));
            service.finished(id);
            Conditions.await(() -> files(one).size() == 1 && Files.exists(two.resolve("status.json")));
            JsonNode told =
                    new ObjectMapper().readTree(two.resolve("status.json").toFile());
            assertThat(told.get("task")).isEqualTo(service.get("/migration-task/" + id));
            assertThat(told.get("stats")).isEqualTo(service.stats(id));
        }
    }

    private static List<Path> files(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
