package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/** What becomes of tasks when the service ends, or its state Redis is away. */
class RestartTest {
    @Test
    void aServiceGivesSignsOfLife() throws Exception {
        try (RunningService service = RunningService.start(Map.of());
                Jedis state = service.state()) {
            service.finished(service.create(service.body("nothing.rdb")));
            state.unlink(state.keys("redisbackup:owner:*").toArray(String[]::new));
            Conditions.await(() -> !state.keys("redisbackup:owner:*").isEmpty());
        }
    }

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
    void aTaskWhoseServiceDiedBeginsAgain() throws Exception {
        try (RunningService service = RunningService.start(Map.of())) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String id = service.create(service.body("types.rdb"));
            service.finished(id);
            service.stop();
            asLeftByADeadService(service, id, Map.of("attempt", "1"));
            service.start();
            assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            assertThat(service.stats(id).get("replaced_keys").asText()).isEqualTo("131");
        }
    }

    @Test
    void aTaskThatKillsItsServiceAgainAndAgainFails() throws Exception {
        try (RunningService service = RunningService.start(Map.of())) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String id = service.create(service.body("types.rdb"));
            service.finished(id);
            service.stop();
            asLeftByADeadService(service, id, Map.of("attempt", "4", "vain", "3"));
            service.start();
            assertThat(service.finished(id).get("error_message").asText())
                    .startsWith(
                            "The service ended 3 times while it ran this import, which got no further; look into its log");
        }
    }

    @Test
    void aTaskIsStoppedThatWasToBeWhenItsServiceDied() throws Exception {
        try (RunningService service = RunningService.start(Map.of())) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String id = service.create(service.body("types.rdb"));
            service.finished(id);
            service.stop();
            asLeftByADeadService(service, id, Map.of("attempt", "1", "status", "TERMINATING"));
            try (Jedis state = service.state()) {
                state.sadd("redisbackup:stopping", id);
            }
            service.start();
            assertThat(service.finished(id).get("status").asText()).isEqualTo("TERMINATED");
        }
    }

    @Test
    void aTaskThatNeedsThePasswordOfItsRequestFailsInsteadOfBeginningAgain() throws Exception {
        try (RunningService service = RunningService.start(Map.of())) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String id = service.create(RunningService.body(
                    "with-password",
                    service.bucket(),
                    "types.rdb",
                    RunningService.PROTECTED_INSTANCE,
                    RunningService.PROTECTED_PASSWORD));
            service.finished(id);
            service.stop();
            asLeftByADeadService(service, id, Map.of("attempt", "1", "password", ""));
            service.start();
            assertThat(service.finished(id).get("error_message").asText())
                    .startsWith(
                            "The service ended before the import did, and the password of the request was not kept");
        }
    }

    @Test
    void aTaskGoesOnWithThePasswordOfItsRequestWhereThatMayBeKept() throws Exception {
        String key = Base64.getEncoder().encodeToString(new byte[32]);
        try (RunningService service = RunningService.start(Map.of("redisbackup.secrets.key", key))) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String id;
            String sealed;
            try (Jedis target = service.protectedTarget();
                    Jedis state = service.state()) {
                target.clientPause(60_000, ClientPauseMode.WRITE);
                id = service.create(RunningService.body(
                        "with-password",
                        service.bucket(),
                        "types.rdb",
                        RunningService.PROTECTED_INSTANCE,
                        RunningService.PROTECTED_PASSWORD));
                awaitFound(service, id);
                sealed = state.hget("redisbackup:task:" + id, "password");
                service.stop();
                target.clientUnpause();
            }
            assertThat(sealed).isNotEmpty().doesNotContain(RunningService.PROTECTED_PASSWORD);
            service.start();
            assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            try (Jedis state = service.state()) {
                assertThat(state.hexists("redisbackup:task:" + id, "password"))
                        .as("kept no longer than needed")
                        .isFalse();
            }
        }
    }

    /** As a service leaves a task that is killed while it imports. */
    private static void asLeftByADeadService(RunningService service, String id, Map<String, String> fields) {
        try (Jedis state = service.state()) {
            state.hset("redisbackup:task:" + id, Map.of("status", "MIGRATING", "owner", "killed"));
            state.hset("redisbackup:task:" + id, fields);
            state.hdel("redisbackup:task:" + id, "released");
            state.sadd("redisbackup:unfinished", id);
        }
    }

    @Test
    void aTaskThatRunsWhenTheServiceStopsGoesOnWithTheNextStart() throws Exception {
        try (RunningService service = RunningService.start(Map.of());
                Jedis target = service.target()) {
            service.put("big.rdb", Corpus.bytes("big-redis-6.2.16.rdb"));
            target.clientPause(60_000, ClientPauseMode.WRITE);
            String id = service.create(service.body("big.rdb"));
            awaitFound(service, id);
            service.stop();
            target.clientUnpause();
            service.start();
            assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            assertThat(service.logs(id)).contains("The service ended before the import did: it goes on (attempt 2)");
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
