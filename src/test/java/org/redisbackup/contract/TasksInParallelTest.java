package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Corpus;
import redis.clients.jedis.Jedis;

class TasksInParallelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void oneTaskAtATimeWhenSoConfigured() throws Exception {
        Map<String, String> properties = Map.of("redisbackup.tasks.parallel", "1", "redisbackup.files.parallel", "4");
        try (RunningService service = RunningService.start(properties)) {
            for (int i = 0; i < 20; i++) {
                service.put("many/" + i + ".rdb", Corpus.bytes("big-redis-6.2.16.rdb"));
            }
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                ids.add(service.create(service.body("many/")));
            }
            for (String id : ids) {
                service.finished(id);
            }
            try (Jedis state = service.state()) {
                for (int i = 1; i < ids.size(); i++) {
                    assertThat(time(state, ids.get(i), "IMPORT.0002"))
                            .as("start of task %s after the end of the one before", i)
                            .isAfterOrEqualTo(time(state, ids.get(i - 1), "IMPORT.0003"));
                }
            }
        }
    }

    /** When the last line of that code was written. */
    private static Instant time(Jedis state, String id, String code) throws IOException {
        Instant time = null;
        for (String line : state.lrange("redisbackup:task:" + id + ":log", 0, -1)) {
            JsonNode entry = JSON.readTree(line);
            if (entry.get("code").asText().equals(code)) {
                time = Instant.parse(entry.get("time").asText());
            }
        }
        return time;
    }
}
