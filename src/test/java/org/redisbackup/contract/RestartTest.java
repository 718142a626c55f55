package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/** What becomes of tasks when the service ends, or its state Redis is away. */
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
            awaitFound(service, id);
            service.stop();
            target.clientUnpause();
            service.start();
            assertThat(service.finished(id).get("error_message").asText())
                    .startsWith("The service ended before the import did");
        }
    }

    @Test
    void aTaskOutlivesThatTheStateIsAwayForAWhile() throws Exception {
        try (RunningService service = RunningService.start(Map.of());
                Jedis state = service.state();
                Jedis target = service.target()) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            target.clientPause(60_000, ClientPauseMode.WRITE);
            String id = service.create(service.body("types.rdb"));
            awaitFound(service, id);
            state.clientPause(7_000, ClientPauseMode.WRITE); // longer than its clients wait for an answer
            target.clientUnpause();
            assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            assertThat(service.stats(id).get("imported_keys").asText()).isEqualTo("131");
        }
    }

    /** Waits until the task's files are found, so that it waits for its target. */
    private static void awaitFound(RunningService service, String id) throws Exception {
        Conditions.await(
                () -> service.stats(id),
                stats -> !stats.get("total_bytes").asText().equals("0"));
    }
}
