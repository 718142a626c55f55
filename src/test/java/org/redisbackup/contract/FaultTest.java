package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.FaultProxy;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Imports whose bucket, target or state Redis fails for a while, and what becomes of them. */
class FaultTest {
    private static final int KEYS = 20_000;
    private static final long SLOW = 300_000;
    private static final String SLOW_DOWN =
            "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>";
    private static final String INTERNAL = "<Error><Code>InternalError</Code><Message>Sorry.</Message></Error>";

    private static RunningService service;
    private static RedisServer target;
    private static FaultProxy toBucket;
    private static FaultProxy toTarget;
    private static FaultProxy toState;

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.withoutService();
        target = RedisServer.start(RedisServers.embedded(), "--lua-time-limit", "50");
        toBucket = new FaultProxy(S3Server.server().endpoint().getPort());
        toTarget = new FaultProxy(target.port());
        Map<String, String> properties = service.properties();
        toState = new FaultProxy(
                Integer.parseInt(properties.get("redisbackup.state").replaceAll(".*:", "")));
        properties.put(
                "camel.component.aws2-s3.uriEndpointOverride",
                toBucket.endpoint().toString());
        properties.put(
                "redisbackup.instances." + RunningService.INSTANCE + ".url", "redis://127.0.0.1:" + toTarget.port());
        properties.put("redisbackup.state", "redis://127.0.0.1:" + toState.port());
        properties.put("redisbackup.files.stall-seconds", "1");
        service.start();
        RdbFile file = new RdbFile("REDIS0010").db(0);
        for (int i = 0; i < KEYS; i++) {
            file.string("key" + i, "a value of some length, so that there are several batches " + i);
        }
        service.put("a.rdb", file.bytes());
    }

    @AfterAll
    static void end() {
        service.close();
        toBucket.close();
        toTarget.close();
        toState.close();
        target.close();
    }

    @BeforeEach
    void empty() {
        toBucket.limitEach(SLOW);
        try (Jedis jedis = target.jedis()) {
            jedis.flushAll();
        }
    }

    @AfterEach
    void mend() throws Exception {
        toBucket.stall(false);
        toTarget.stall(false);
        toState.stall(false);
        toTarget.refuse(false);
        toState.refuse(false);
    }

    private static String begun() throws Exception {
        String id = service.create(service.body("a.rdb"));
        awaitKeys(1);
        return id;
    }

    private static void awaitKeys(long keys) throws Exception {
        try (Jedis jedis = target.jedis()) {
            Conditions.await(jedis::dbSize, size -> size >= keys);
        }
    }

    private static void assertImported(String id) throws Exception {
        JsonNode task = service.finished(id);
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        assertThat(service.stats(id).get("imported_keys").asText()).isEqualTo(Integer.toString(KEYS));
        try (Jedis jedis = target.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(KEYS);
        }
    }

    @Test
    void theBucketIsOverloadedAndSoOn() throws Exception {
        toBucket.answer(2, 503, SLOW_DOWN);
        String id = begun();
        toBucket.answer(2, 503, SLOW_DOWN);
        toBucket.answer(2, 500, INTERNAL);
        toBucket.reset();
        assertImported(id);
        assertThat(toBucket.answersLeft()).isZero();
        assertThat(service.logs(id)).anyMatch(line -> line.contains("with another connection: "));
    }

    @Test
    void theBucketStallsForAMoment() throws Exception {
        String id = begun();
        toBucket.stall(true);
        Conditions.await(() -> toBucket.hasHeldBack());
        toBucket.stall(false);
        assertImported(id);
    }

    @Test
    void theBucketIsSilentForTooLong() throws Exception {
        String id = begun();
        toBucket.stall(true);
        String paused = paused(id);
        assertThat(paused).contains("a.rdb goes on at byte ").endsWith("the S3 server sent nothing for 1.0 s.");
        assertThat(service.logs(id)).contains(paused);
        toBucket.stall(false);
        assertImported(id);
    }

    /** Why the task waits, as its statistics tell. */
    private static String paused(String id) throws Exception {
        return Conditions.await(() -> service.stats(id).path("paused").asText(""), sentence -> !sentence.isEmpty());
    }

    @Test
    void theConnectionToTheTargetBreaksAgainAndAgain() throws Exception {
        String id = begun();
        for (int part = 1; part <= 3; part++) {
            awaitKeys(KEYS / 5L * part);
            toTarget.reset();
        }
        assertImported(id);
    }

    @Test
    void theTargetIsAwayForAWhile() throws Exception {
        String id = begun();
        toTarget.refuse(true);
        Conditions.await(() -> toTarget.refused() > 3);
        toTarget.refuse(false);
        assertImported(id);
    }

    @Test
    void theTargetIsReplacedByAnEmptyOne() throws Exception {
        try (RedisServer empty = RedisServer.start(RedisServers.embedded())) {
            String id = begun();
            awaitKeys(KEYS / 2); // so that some are acknowledged
            toTarget.goTo(empty.port());
            JsonNode task = service.finished(id);
            toTarget.goTo(target.port());
            assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("FAILED");
            assertThat(task.get("error_message").asText())
                    .contains("another server took its place, and what it had acknowledged is lost, such as the key");
            assertAllReadIsCounted(id);
        }
    }

    /** What was acknowledged is counted as imported, and everything else that was read as failed. */
    private static void assertAllReadIsCounted(String id) throws Exception {
        JsonNode stats = service.stats(id);
        long imported = stats.get("imported_keys").asLong();
        assertThat(imported).isPositive();
        assertThat(stats.get("failed_keys").asLong())
                .isPositive()
                .isEqualTo(stats.get("source_dbsize").asLong() - imported);
    }

    @Test
    void theTargetIsAReplicaForAWhile() throws Exception {
        try (Jedis jedis = target.jedis()) {
            String id = begun();
            jedis.replicaof("127.0.0.1", 1);
            Conditions.await(() -> errors(jedis, "READONLY") > 0);
            jedis.replicaofNoOne();
            assertImported(id);
        }
    }

    /** It would take writes, but executes next to nothing as long as it lacks its primary's data. */
    @Test
    void theTargetIsAReplicaThatServesNoStaleData() throws Exception {
        try (Jedis jedis = target.jedis()) {
            jedis.configSet(Map.of("replica-read-only", "no", "replica-serve-stale-data", "no"));
            String id = begun();
            jedis.replicaof("127.0.0.1", 1);
            Conditions.await(() -> errors(jedis, "MASTERDOWN") > 1000); // more than a batch has groups
            jedis.replicaofNoOne();
            assertImported(id);
            jedis.configSet(Map.of("replica-read-only", "yes", "replica-serve-stale-data", "yes"));
        }
    }

    @Test
    void theTargetIsBusyWithAScript() throws Exception {
        try (Jedis jedis = target.jedis();
                Jedis script = target.jedis()) {
            String id = begun();
            Thread endless = new Thread(() -> {
                try {
                    script.eval("while true do end");
                } catch (JedisException e) {
                    // it is killed
                }
            });
            endless.start();
            Conditions.await(() -> isBusy(jedis));
            toTarget.watchFor("-BUSY");
            toBucket.limitEach(Long.MAX_VALUE);
            Conditions.await(toTarget::hasSeen);
            jedis.scriptKill();
            endless.join();
            assertThat(errors(jedis, "BUSY")).isPositive();
            assertImported(id);
        }
    }

    private static boolean isBusy(Jedis jedis) {
        try {
            jedis.ping();
            return false;
        } catch (JedisException e) {
            return e.getMessage().startsWith("BUSY");
        }
    }

    private static long errors(Jedis jedis, String kind) {
        return jedis.info("errorstats")
                .lines()
                .filter(line -> line.startsWith("errorstat_" + kind + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    @Test
    void theStateIsAway() throws Exception {
        String id = begun();
        toState.refuse(true);
        HttpResponse<String> refused = service.post(service.body("a.rdb"));
        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(500);
        awaitKeys(KEYS / 2); // imports go on
        toState.refuse(false);
        assertImported(id);
    }

    @Test
    void whatIsAnsweredWith200IsKeptAlthoughTheStateBreaksAgainAndAgain() throws Exception {
        service.put("small.rdb", new RdbFile("REDIS0010").strings("small", 10).bytes());
        Set<String> created = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            toState.reset();
            HttpResponse<String> answer = service.post(service.body("small.rdb"));
            if (answer.statusCode() == 200) {
                created.add(answer.body().replaceAll("(?s).*\"id\"\\s*:\\s*\"(\\w+)\".*", "$1"));
            } else {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
            }
        }
        assertThat(created).isNotEmpty();
        for (String id : created) {
            assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
        }
    }

    /** As when the state Redis restarted, or a firewall forgot them, while nobody asked for anything. */
    @Test
    void connectionsToTheStateThatBrokeAtRestHarmNobody() throws Exception {
        String id = service.create(service.body("a.rdb"));
        assertImported(id);
        for (int i = 0; i < 5; i++) {
            toState.reset();
            assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
        }
    }

    @Test
    void theHostOfTheBucketIsUnknown() throws Exception {
        try (RunningService other =
                RunningService.start(Map.of("camel.component.aws2-s3.uriEndpointOverride", "http://bucket.invalid"))) {
            String id = other.create(other.body("a.rdb"));
            assertThat(other.finished(id).get("error_message").asText())
                    .contains("the connection to the S3 endpoint failed (java.net.UnknownHostException")
                    .contains("check its address and the network");
        }
    }
}
