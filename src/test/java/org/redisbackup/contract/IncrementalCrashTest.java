package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import redis.clients.jedis.Jedis;

/** Imports that compare keys, by services that are killed, and by several that have disks of their own. */
class IncrementalCrashTest {
    private static final int MANY = 20_000;

    private static RunningService servers() throws Exception {
        return RunningService.withoutService();
    }

    private static String body(RunningService servers, String more) {
        return servers.body("a.rdb")
                .replace("full_amount_migration", "incremental_migration")
                .replaceFirst("\\{", "{\"import_options\":{\"incremental\":\"keys\"" + more + "},");
    }

    private static JsonNode imported(RunningService servers, RdbFile file) throws Exception {
        servers.put("a.rdb", file.bytes());
        JsonNode task = servers.finished(servers.create(body(servers, "")));
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        return servers.stats(task.get("task_id").asText());
    }

    private static RdbFile numbers(int from, int to, String value) {
        RdbFile file = new RdbFile("REDIS0010");
        for (int i = from; i < to; i++) {
            file.string("key:" + i, value);
        }
        return file;
    }

    @Test
    void aKilledServiceLosesNothingOfAnIncrement() throws Exception {
        try (RunningService servers = servers()) {
            String id;
            try (ServiceProcess service = ServiceProcess.start(servers.properties())) {
                imported(servers, numbers(0, MANY, "old"));
                servers.put("a.rdb", numbers(5000, MANY + 5000, "new").bytes());
                id = servers.create(body(servers, ",\"max_keys_per_second\":4000"));
                Conditions.await(() -> servers.stats(id).get("replaced_keys").asInt(), replaced -> replaced > 0);
                service.kill();
            }
            try (ServiceProcess service = ServiceProcess.start(servers.properties());
                    Jedis target = servers.target()) {
                assertThat(service.pid()).isPositive();
                assertThat(servers.send(servers.asAdmin("/migration-task/" + id))
                                .statusCode())
                        .isEqualTo(200);
                JsonNode task = servers.finished(id);
                assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
                assertThat(servers.stats(id).get("deleted_keys").asInt()).isEqualTo(5000);
                assertThat(target.dbSize()).isEqualTo(MANY);
                assertThat(target.get("key:5000")).isEqualTo("new");
                assertThat(target.get("key:" + (MANY + 4999))).isEqualTo("new");
                JsonNode next = imported(servers, numbers(5000, MANY + 5000, "new"));
                assertThat(next.get("unchanged_keys").asInt()).isEqualTo(MANY);
            }
        }
    }

    /** The first one's index is there, but tells no more what the target holds. */
    @Test
    void noServiceComparesWithAnIndexThatIsOutdated() throws Exception {
        try (RunningService servers = servers()) {
            Map<String, String> other = new HashMap<>(servers.properties());
            other.put("camel.server.port", Integer.toString(RunningService.freePort()));
            other.merge("redisbackup.incremental.directory", "-other", String::concat);
            try (ServiceProcess one = ServiceProcess.start(servers.properties());
                    ServiceProcess another = ServiceProcess.start(other);
                    Jedis target = servers.target()) {
                assertThat(one.pid()).isNotEqualTo(another.pid());
                imported(servers, numbers(0, 100, "1"));
                servers.talkTo(other);
                assertThat(imported(servers, numbers(0, 100, "2"))
                                .get("replaced_keys")
                                .asInt())
                        .isEqualTo(100);
                servers.talkTo(servers.properties());
                assertThat(imported(servers, numbers(0, 100, "1"))
                                .get("replaced_keys")
                                .asInt())
                        .isEqualTo(100);
                assertThat(target.get("key:7")).isEqualTo("1");
                assertThat(imported(servers, numbers(0, 100, "1"))
                                .get("unchanged_keys")
                                .asInt())
                        .isEqualTo(100);
            }
        }
    }
}
