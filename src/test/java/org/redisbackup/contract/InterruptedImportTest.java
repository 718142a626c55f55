package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.CuttingProxy;
import org.redisbackup.support.FaultProxy;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;

/** Imports whose service ends, or only sleeps, and that go on in another one. */
class InterruptedImportTest {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final int KEYS = 60_000;

    private static byte[] dump() {
        RdbFile file = new RdbFile("REDIS0010").db(0);
        for (int i = 0; i < KEYS; i++) {
            file.string("key" + i, "a value of some length, so that there are many batches " + i);
        }
        return file.bytes();
    }

    private static Map<String, String> slowly(RunningService servers, CuttingProxy slow) {
        Map<String, String> properties = new HashMap<>(servers.properties());
        properties.put(
                "camel.component.aws2-s3.uriEndpointOverride", slow.endpoint().toString());
        return properties;
    }

    /** Waits until a checkpoint in the middle of the file is saved. */
    private static void awaitCheckpoint(RunningService servers, String id) throws Exception {
        try (Jedis state = servers.state()) {
            Conditions.await(LONG, () -> state.hvals("redisbackup:task:" + id + ":checkpoints"), all -> all.stream()
                    .anyMatch(each -> each.contains("\"magic\":\"REDIS0010\"")));
        }
    }

    @Test
    void aServiceThatIsAskedToEndLeavesItsImportToTheNextOne() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).limitEach(200_000)) {
            servers.put("a.rdb", dump());
            String id;
            try (ServiceProcess service = ServiceProcess.start(slowly(servers, slow))) {
                id = servers.create(servers.body("a.rdb"));
                awaitCheckpoint(servers, id);
                assertThat(service.pid()).isPositive();
            } // by SIGTERM
            try (Jedis state = servers.state()) {
                assertThat(state.keys("redisbackup:owner:*")).as("leases").isEmpty();
            }
            try (ServiceProcess next = ServiceProcess.start(servers.properties())) {
                assertThat(next.pid()).isPositive();
                assertSucceeded(servers, id);
            }
            assertThat(servers.logs(id)).anyMatch(line -> line.matches(".*going on behind \\d+ keys.* at byte \\d+"));
        }
    }

    @Test
    void aServiceThatIsAskedToEndWaitsForNobody() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                FaultProxy bucket = new FaultProxy(S3Server.server().port());
                Jedis state = servers.state()) {
            servers.put("a.rdb", dump());
            bucket.limitEach(200_000);
            Map<String, String> properties = new HashMap<>(servers.properties());
            properties.put(
                    "camel.component.aws2-s3.uriEndpointOverride",
                    bucket.endpoint().toString());
            String id;
            try (ServiceProcess service = ServiceProcess.start(properties)) {
                id = servers.create(servers.body("a.rdb"));
                awaitCheckpoint(servers, id);
                RunningService.Paused target = servers.pauseTarget();
                bucket.stall(true);
                service.signal("TERM");
                assertThat(isRefusedBeforeItEnds(servers, service)).isTrue();
                Conditions.await(() -> !service.isAlive());
                assertThat(state.keys("redisbackup:owner:*")).as("leases").isEmpty();
                target.close();
                bucket.stall(false);
            }
            try (ServiceProcess next = ServiceProcess.start(servers.properties())) {
                assertThat(next.pid()).isPositive();
                assertSucceeded(servers, id);
            }
            assertThat(servers.logs(id)).anyMatch(line -> line.matches(".*going on behind \\d+ keys.* at byte \\d+"));
        }
    }

    @Test
    void aServiceThatIsAskedToEndDoesNotWaitForTheStateEither() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).limitEach(200_000);
                FaultProxy state = new FaultProxy(Integer.parseInt(
                        servers.properties().get("redisbackup.state").replaceAll(".*:", "")))) {
            servers.put("a.rdb", dump());
            Map<String, String> properties = slowly(servers, slow);
            properties.put("redisbackup.state", "redis://127.0.0.1:" + state.port());
            String id;
            try (ServiceProcess service = ServiceProcess.start(properties)) {
                id = servers.create(servers.body("a.rdb"));
                awaitCheckpoint(servers, id);
                state.stall(true);
                service.signal("TERM");
                Conditions.await(() -> !service.isAlive());
            }
            try (Jedis direct = servers.state()) { // nobody has to wait for a lease that could not be given back
                direct.keys("redisbackup:owner:*").forEach(direct::del);
            }
            try (ServiceProcess next = ServiceProcess.start(servers.properties())) {
                assertThat(next.pid()).isPositive();
                assertSucceeded(servers, id);
            }
        }
    }

    /** Whether it answers 503 as long as it waits for what was sent to be answered. */
    private static boolean isRefusedBeforeItEnds(RunningService servers, ServiceProcess service) throws Exception {
        while (service.isAlive()) {
            try {
                if (servers.sendUnchecked(servers.asAdmin("/migration-task")).statusCode() == 503) {
                    return true;
                }
            } catch (IOException e) {
                return false; // nobody listens any more
            }
        }
        return false;
    }

    @ParameterizedTest
    @CsvSource({"count, 60000", "full, 60000", "sample, 600"})
    void whatIsVerifiedGoesOnAsWell(String verify, long compared) throws Exception {
        try (RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).limitEach(400_000);
                Jedis state = servers.state()) {
            servers.put("a.rdb", dump());
            String id;
            try (ServiceProcess service = ServiceProcess.start(slowly(servers, slow))) {
                id = servers.create(servers.body("a.rdb")
                        .replaceFirst("\\{", "{\"import_options\":{\"verify\":\"" + verify + "\"},"));
                awaitCheckpoint(servers, id);
                service.kill();
                state.keys("redisbackup:owner:*").forEach(state::del);
            }
            try (ServiceProcess next = ServiceProcess.start(servers.properties())) {
                assertThat(next.pid()).isPositive();
                assertSucceeded(servers, id);
                JsonNode stats = servers.stats(id);
                assertThat(stats.get("verified_keys").asLong()).isBetween(compared / 2, Math.min(KEYS, compared * 2));
                assertThat(stats.get("different_keys").asLong()).isZero();
            }
        }
    }

    @Test
    void whatFailedBeforeIsNotComparedEither() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).limitEach(400_000);
                Jedis target = servers.target();
                Jedis state = servers.state()) {
            servers.put("a.rdb", dump());
            target.set("key0", "of somebody else");
            String id;
            try (ServiceProcess service = ServiceProcess.start(slowly(servers, slow))) {
                id = servers.create(servers.body("a.rdb")
                        .replaceFirst(
                                "\\{", "{\"import_options\":{\"verify\":\"full\",\"conflict_policy\":\"fail\"},"));
                awaitCheckpoint(servers, id);
                service.kill();
                state.keys("redisbackup:owner:*").forEach(state::del);
            }
            try (ServiceProcess next = ServiceProcess.start(servers.properties())) {
                assertThat(next.pid()).isPositive();
                Conditions.await(LONG, () -> state.hexists("redisbackup:task:" + id, "released"), ended -> ended);
                JsonNode stats = servers.stats(id);
                assertThat(stats.get("failed_keys").asLong()).isOne();
                assertThat(stats.get("verified_keys").asLong()).isEqualTo(KEYS - 1);
                assertThat(stats.get("different_keys").asLong()).isZero();
            }
        }
    }

    @Test
    void theLogSaysOnceThatTheStateIsAway() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                FaultProxy state = new FaultProxy(Integer.parseInt(
                        servers.properties().get("redisbackup.state").replaceAll(".*:", "")))) {
            Map<String, String> properties = new HashMap<>(servers.properties());
            properties.put("redisbackup.state", "redis://127.0.0.1:" + state.port());
            try (ServiceProcess service = ServiceProcess.start(properties)) {
                state.refuse(true);
                Conditions.await(() -> state.refused() > 20);
                state.refuse(false);
                Conditions.await(
                        () -> Files.readString(service.log()), log -> log.contains("The state Redis answers again"));
                assertThat(Files.readString(service.log()))
                        .containsOnlyOnce("The state Redis can't be reached")
                        .containsOnlyOnce("The state Redis answers again");
            }
        }
    }

    @Test
    void keysSentBeforeTheEndOfAServiceAreInConflictWithNothing() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).limitEach(200_000);
                Jedis target = servers.target();
                Jedis state = servers.state()) {
            servers.put("a.rdb", dump());
            String id;
            try (ServiceProcess service = ServiceProcess.start(slowly(servers, slow))) {
                id = servers.create(servers.body("a.rdb")
                        .replace(
                                "\"target_instance\"",
                                "\"import_options\":{\"conflict_policy\":\"fail\"},\"target_instance\""));
                awaitCheckpoint(servers, id);
                String early =
                        state.hvals("redisbackup:task:" + id + ":checkpoints").get(0);
                long size = target.dbSize();
                Conditions.await(LONG, () -> target.dbSize() > size, more -> more);
                service.kill();
                state.keys("redisbackup:owner:*").forEach(state::del);
                // as if none had been saved after that one
                state.hset("redisbackup:task:" + id + ":checkpoints", "s3://" + servers.bucket() + "/a.rdb", early);
            }
            try (ServiceProcess next = ServiceProcess.start(servers.properties())) {
                assertThat(next.pid()).isPositive();
                assertSucceeded(servers, id);
            }
        }
    }

    @Test
    void aFileThatChangedDoesNotGoOn() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).limitEach(200_000)) {
            servers.put("a.rdb", dump());
            String id;
            try (ServiceProcess service = ServiceProcess.start(slowly(servers, slow))) {
                id = servers.create(servers.body("a.rdb"));
                awaitCheckpoint(servers, id);
                assertThat(service.pid()).isPositive();
            }
            servers.put("a.rdb", new RdbFile("REDIS0010").strings("other", 10).bytes());
            try (ServiceProcess next = ServiceProcess.start(servers.properties())) {
                assertThat(next.pid()).isPositive();
                assertThat(servers.finished(id).get("error_message").asText())
                        .contains("a.rdb changed while it was read")
                        .contains("another version took its place; import it again");
            }
        }
    }

    @Test
    void aServiceThatSleptTooLongWritesNothingAnyMore() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                Jedis target = servers.target();
                Jedis state = servers.state()) {
            servers.put("a.rdb", dump());
            Map<String, String> other = new HashMap<>(servers.properties());
            other.put("camel.server.port", Integer.toString(RunningService.freePort()));
            try (ServiceProcess sleeper = ServiceProcess.start(servers.properties());
                    ServiceProcess awake = ServiceProcess.start(other)) {
                RunningService.Paused paused = servers.pauseTarget();
                String id = servers.create(servers.body("a.rdb"));
                Conditions.await(LONG, () -> connectionsOf(target, id, 1), count -> count > 0);
                sleeper.signal("STOP"); // keys lie in the buffers of its connection
                servers.talkTo(other);
                Conditions.await(LONG, () -> servers.logs(id), log -> log.stream()
                        .anyMatch(line -> line.contains("it goes on (attempt 2)")));
                Conditions.await(LONG, () -> connectionsOf(target, id, 1), count -> count == 0);
                paused.close();
                assertSucceeded(servers, id);
                target.flushAll();
                sleeper.signal("CONT");
                Conditions.await(
                        LONG,
                        () -> Files.readString(sleeper.log()),
                        log -> log.contains("is run by another instance now"));
                assertThat(state.keys("redisbackup:owner:*"))
                        .as("services that live")
                        .hasSize(2);
                assertThat(target.dbSize()).isZero();
                assertThat(awake.pid()).isPositive();
            }
        }
    }

    private static long connectionsOf(Jedis target, String id, int attempt) {
        return target.clientList()
                .lines()
                .filter(line -> line.contains("name=redis-backup-import:" + id + ":" + attempt + " "))
                .count();
    }

    private static void assertSucceeded(RunningService servers, String id) throws Exception {
        JsonNode task = Conditions.await(
                LONG,
                () -> servers.get("/migration-task/" + id),
                each -> each.has("status") && !each.get("status").asText().equals("MIGRATING"));
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        assertThat(servers.stats(id).get("imported_keys").asText()).isEqualTo(Integer.toString(KEYS));
    }

    @Test
    void manyTasksEndOnceEachThoughTheirServiceIsKilled() throws Exception {
        int tasks = 1000;
        int kills = 5;
        try (RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).delay(Duration.ofMillis(10));
                Jedis state = servers.state()) {
            servers.put("small.rdb", new RdbFile("REDIS0010").strings("key", 10).bytes());
            Map<String, String> properties = slowly(servers, slow);
            for (String limit : List.of("unfinished", "per-target", "per-project")) {
                properties.put("redisbackup.tasks." + limit, Integer.toString(tasks));
            }
            List<String> ids = new ArrayList<>();
            for (int kill = 0; kill < kills; kill++) {
                try (ServiceProcess service = ServiceProcess.start(properties)) {
                    if (ids.isEmpty()) {
                        createPaused(servers, tasks, ids);
                    }
                    long before = state.scard("redisbackup:unfinished");
                    Conditions.await(LONG, () -> state.scard("redisbackup:unfinished"), left -> left <= before - 50);
                    service.kill();
                }
                state.keys("redisbackup:owner:*").forEach(state::del);
            }
            assertThat(state.scard("redisbackup:unfinished"))
                    .as("what the last one has to do")
                    .isPositive();
            try (ServiceProcess last = ServiceProcess.start(properties)) {
                assertThat(last.pid()).isPositive();
                Conditions.await(LONG, () -> state.scard("redisbackup:unfinished"), left -> left == 0);
            }
            for (String id : ids) {
                assertThat(state.hget("redisbackup:task:" + id, "status")).isEqualTo("SUCCESS");
                assertThat(ends(servers, id)).as("ends of a task").isEqualTo(1);
            }
        }
    }

    private static void createPaused(RunningService servers, int tasks, List<String> ids) throws Exception {
        RunningService.Paused paused = servers.pauseTarget();
        for (int task = 0; task < tasks; task++) {
            ids.add(servers.create(servers.body("small.rdb")));
        }
        paused.close();
    }

    private static long ends(RunningService servers, String id) throws IOException {
        return servers.logs(id).stream()
                .filter(line -> line.startsWith("Imported: 10 keys read"))
                .count();
    }
}
