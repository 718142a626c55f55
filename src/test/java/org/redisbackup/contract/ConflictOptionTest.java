package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.RdbFile;
import redis.clients.jedis.Jedis;

/** What happens to keys that the target already holds, as a request says. */
class ConflictOptionTest {
    private final RunningService service = RunningService.shared();

    private JsonNode imported(String policy) throws Exception {
        service.put(
                "two.rdb",
                new RdbFile("REDIS0010")
                        .string("old", "new")
                        .string("other", "new")
                        .bytes());
        try (Jedis target = service.target()) {
            target.flushAll();
            target.set("old", "old");
        }
        String body = service.body("two.rdb")
                .replaceFirst("\\{", "{\"import_options\":{\"conflict_policy\":\"" + policy + "\"},");
        return service.finished(service.create(body));
    }

    private String old() {
        try (Jedis target = service.target()) {
            assertThat(target.get("other")).isEqualTo("new");
            return target.get("old");
        }
    }

    @Test
    void replace() throws Exception {
        JsonNode task = imported("replace");
        assertThat(task.get("status").asText()).isEqualTo("SUCCESS");
        assertThat(service.stats(task.get("task_id").asText())
                        .get("replaced_keys")
                        .asText())
                .isEqualTo("1");
        assertThat(old()).isEqualTo("new");
    }

    @Test
    void skip() throws Exception {
        JsonNode task = imported("skip");
        assertThat(task.get("status").asText()).isEqualTo("SUCCESS");
        assertThat(service.stats(task.get("task_id").asText())
                        .get("skipped_keys")
                        .asText())
                .isEqualTo("1");
        assertThat(old()).isEqualTo("old");
    }

    @Test
    void fail() throws Exception {
        JsonNode task = imported("fail");
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(task.get("error_message").asText()).contains("\"old\"").contains("the key exists on the target");
        assertThat(service.stats(task.get("task_id").asText())
                        .get("failed_keys")
                        .asText())
                .isEqualTo("1");
        assertThat(old()).isEqualTo("old");
    }
}
