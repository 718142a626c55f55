package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/** What becomes of tasks when the service ends. */
class RestartTest {
    @Test
    void tasksOutliveTheService() throws Exception {
        try (RunningService service = RunningService.start(Map.of())) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String id = service.create(service.body("types.rdb"));
            JsonNode task = service.finished(id);
            JsonNode stats = service.stats(id);
            service.stop();
            service.start();
            assertThat(service.get("/migration-task/" + id)).isEqualTo(task);
            assertThat(service.stats(id)).isEqualTo(stats);
        }
    }

    @Test
    void aTaskWhoseServiceDiedFails() throws Exception {
        try (RunningService service = RunningService.start(Map.of())) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String id = service.create(service.body("types.rdb"));
            service.finished(id);
            service.stop();
            try (Jedis state = service.state()) { // as a service leaves it that is killed while it imports
                state.hset("redisbackup:task:" + id, Map.of("status", "MIGRATING", "owner", "killed"));
                state.hdel("redisbackup:task:" + id, "released");
                state.sadd("redisbackup:unfinished", id);
            }
            service.start();
            JsonNode task = service.finished(id);
            assertThat(task.get("status").asText()).isEqualTo("FAILED");
            assertThat(task.get("error_message").asText())
                    .isEqualTo("The service ended before the import did; keys delivered until then are on the target:"
                            + " create the task again");
        }
    }

    @Test
    void aTaskThatRunsWhenTheServiceStopsFails() throws Exception {
        try (RunningService service = RunningService.start(Map.of());
                Jedis target = service.target()) {
            service.put("big.rdb", Corpus.bytes("big-redis-6.2.16.rdb"));
            target.clientPause(60_000, ClientPauseMode.WRITE);
            String id = service.create(service.body("big.rdb"));
            Conditions.await(
                    () -> service.stats(id),
                    stats -> !stats.get("total_bytes").asText().equals("0"));
            service.stop();
            target.clientUnpause();
            service.start();
            assertThat(service.finished(id).get("error_message").asText())
                    .startsWith("The service ended before the import did");
        }
    }
}
