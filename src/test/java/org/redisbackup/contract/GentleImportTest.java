package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Tasks that wait for room in the target's memory, or because of limits that would hold them up for days. */
class GentleImportTest {
    private static final int KEYS = 20_000;
    private static final String FILE = "many.rdb";
    private static final RunningService SERVICE = service();

    private static RunningService service() {
        try {
            RunningService service = RunningService.start(Map.of());
            RdbFile file = new RdbFile("REDIS0010");
            byte[] value = new byte[1000];
            for (int i = 0; i < KEYS; i++) {
                file.string("key:" + i, value);
            }
            service.put(FILE, file.bytes());
            return service;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterAll
    static void end() {
        SERVICE.close();
    }

    @BeforeEach
    void emptyTarget() {
        try (Jedis target = SERVICE.target()) {
            target.configSet("maxmemory", "0");
            target.flushAll();
        }
    }

    private static String create(String options) throws Exception {
        return SERVICE.create(SERVICE.body(FILE).replaceFirst("\\{", "{\"import_options\":" + options + ","));
    }

    private static HttpResponse<String> update(RunningService asked, String id, String body) throws Exception {
        return asked.send(asked.asAdmin("/migration-task/" + id)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static String paused(String id) throws Exception {
        JsonNode paused = Conditions.await(() -> SERVICE.stats(id).path("paused"), sentence -> sentence.isTextual());
        return paused.asText();
    }

    private static String digest(Jedis jedis) {
        return new String(
                (byte[]) jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.UTF_8), "DIGEST"),
                StandardCharsets.UTF_8);
    }

    @Test
    void pausesUntilThereIsRoom() throws Exception {
        try (Jedis target = SERVICE.target()) {
            String all = SERVICE.create(SERVICE.body(FILE));
            assertThat(SERVICE.finished(all).get("status").asText()).isEqualTo("SUCCESS");
            String digest = digest(target);
            target.flushAll();
            target.configSet("maxmemory", "10mb");
            String id = create("{}");
            String sentence = paused(id);
            assertThat(sentence).contains(SERVICE.targetAddress()).contains("more than 95 %: the import pauses");
            assertThat(SERVICE.logs(id)).contains(sentence);
            target.configSet("maxmemory", "0");
            assertThat(SERVICE.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            assertThat(SERVICE.logs(id)).anyMatch(line -> line.endsWith(": the import goes on"));
            JsonNode stats = SERVICE.stats(id);
            assertThat(stats.has("paused")).isFalse();
            assertThat(stats.get("imported_keys").asText()).isEqualTo(Integer.toString(KEYS));
            assertThat(digest(target)).isEqualTo(digest);
        }
    }

    /** Strings that take a hundred times as much memory as bytes of the file. */
    private static byte[] compressed(int keys) throws Exception {
        try (RedisServer source = RedisServer.start(RedisServers.embedded());
                Jedis jedis = source.jedis()) {
            String value = "x".repeat(200_000);
            for (int i = 0; i < keys; i++) {
                jedis.set("big:" + i, value);
            }
            jedis.save();
            return Files.readAllBytes(Path.of(
                    jedis.configGet("dir").get("dir"),
                    jedis.configGet("dbfilename").get("dbfilename")));
        }
    }

    @Test
    void whatTheTargetHasNoMemoryForIsSentAgain() throws Exception {
        int keys = 400;
        SERVICE.put("compressed.rdb", compressed(keys));
        try (Jedis target = SERVICE.target()) {
            target.configSet("maxmemory", "20mb");
            target.configResetStat();
            String id = SERVICE.create(SERVICE.body("compressed.rdb"));
            String sentence = paused(id);
            assertThat(sentence).contains(SERVICE.targetAddress()).endsWith(": the import pauses until there is room");
            assertThat(target.info("errorstats")).contains("errorstat_OOM");
            target.configSet("maxmemory", "0");
            assertThat(SERVICE.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            JsonNode stats = SERVICE.stats(id);
            assertThat(stats.has("paused")).isFalse();
            assertThat(stats.get("imported_keys").asText()).isEqualTo(Integer.toString(keys));
            assertThat(target.dbSize()).isEqualTo(keys);
        }
    }

    @Test
    void isStoppedInAPause() throws Exception {
        try (Jedis target = SERVICE.target()) {
            target.configSet("maxmemory", "10mb");
            String id = create("{}");
            paused(id);
            SERVICE.send(SERVICE.asAdmin("/migration-task/" + id + "/stop").POST(HttpRequest.BodyPublishers.noBody()));
            assertThat(SERVICE.finished(id).get("status").asText()).isEqualTo("TERMINATED");
            JsonNode stats = SERVICE.stats(id);
            assertThat(stats.has("paused")).isFalse();
            assertThat(stats.get("imported_keys").asLong()).isEqualTo(target.dbSize());
        }
    }

    @Test
    void failsAfterAPauseThatIsTooLong() throws Exception {
        try (Jedis target = SERVICE.target()) {
            target.configSet("maxmemory", "10mb");
            JsonNode task = SERVICE.finished(create("{\"max_memory_percent\":90,\"pause_limit_seconds\":0}"));
            assertThat(task.get("status").asText()).isEqualTo("FAILED");
            assertThat(task.get("error_message").asText())
                    .contains("more than 90 % for 0 seconds; free memory or raise maxmemory there");
            JsonNode stats = SERVICE.stats(task.get("task_id").asText());
            assertThat(stats.get("imported_keys").asLong()).isPositive().isEqualTo(target.dbSize());
            assertThat(stats.get("failed_keys").asLong()).isPositive();
        }
    }

    @Test
    void limitsChangeWhicheverServiceIsAsked() throws Exception {
        try (RunningService other = RunningService.start(
                        Map.of("redisbackup.state", SERVICE.properties().get("redisbackup.state")));
                Jedis target = SERVICE.target()) {
            String id = create("{\"max_keys_per_second\":1,\"max_bytes_per_second\":1}");
            Conditions.await(() -> target.dbSize() > 0);
            assertThat(update(other, id, "{\"import_options\":{\"max_keys_per_second\":0}}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(SERVICE.logs(id)).contains("From now on the target gets any number of keys and as many bytes");
            assertThat(SERVICE.stats(id).get("is_migrating").asBoolean()).isTrue();
            assertThat(update(other, id, "{\"import_options\":{\"max_bytes_per_second\":1000000000}}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(SERVICE.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            assertThat(target.dbSize()).isEqualTo(KEYS);
            assertThat(update(SERVICE, id, "{\"import_options\":{\"max_keys_per_second\":1}}")
                            .body())
                    .contains("DCS.4957");
        }
    }

    @Test
    void goesSlowlyFromNowOnWhileTheTargetIsSlow() throws Exception {
        AtomicBoolean slow = new AtomicBoolean(true);
        try (Jedis target = SERVICE.target()) {
            String id = create("{\"max_bytes_per_second\":1}");
            Conditions.await(() -> target.dbSize() > 0);
            CountDownLatch asleep = new CountDownLatch(1);
            CompletableFuture<Void> sleeps = CompletableFuture.runAsync(() -> keepAsleep(slow, asleep));
            asleep.await();
            String limits = "{\"import_options\":{\"max_latency_ms\":10,\"max_bytes_per_second\":0}}";
            assertThat(update(SERVICE, id, limits).statusCode()).isEqualTo(200);
            assertThat(SERVICE.logs(id))
                    .contains("From now on the target gets as many keys and any number of bytes, less when it answers"
                            + " others later than in 10 ms");
            assertThat(paused(id))
                    .startsWith(SERVICE.targetAddress() + " answers in ")
                    .endsWith(" ms, more than the 10 that are allowed: the import goes at its slowest");
            slow.set(false);
            sleeps.get();
            assertThat(SERVICE.finished(id).get("status").asText()).isEqualTo("SUCCESS");
            JsonNode stats = SERVICE.stats(id);
            assertThat(stats.has("paused")).isFalse();
            assertThat(stats.get("imported_keys").asText()).isEqualTo(Integer.toString(KEYS));
            assertThat(target.dbSize()).isEqualTo(KEYS);
        }
    }

    private static void keepAsleep(AtomicBoolean slow, CountDownLatch asleep) {
        try (Jedis target = SERVICE.target()) {
            while (slow.get()) {
                target.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.UTF_8), "SLEEP", "0.05");
                asleep.countDown();
            }
        }
    }

    @Test
    void onlyLimitsChange() throws Exception {
        String id = SERVICE.create(SERVICE.body(FILE));
        assertRefused(
                id,
                "{\"conflict_policy\":\"skip\"}",
                "there is no option conflict_policy; there are [max_bytes_per_second, max_keys_per_second, max_latency_ms]");
        assertRefused(id, "{\"max_keys_per_second\":-1}", "max_keys_per_second is 0 or more");
        assertRefused(id, "{\"max_latency_ms\":60001}", "max_latency_ms is 0 to 60000");
        assertRefused(id, "{}", "expected max_keys_per_second, max_bytes_per_second or max_latency_ms");
        SERVICE.finished(id);
    }

    private static void assertRefused(String id, String options, String hint) throws Exception {
        HttpResponse<String> answer = update(SERVICE, id, "{\"import_options\":" + options + "}");
        assertThat(answer.body()).contains("DCS.4800");
        assertThat(answer.headers().firstValue("X-Error-Hint")).hasValue(hint);
    }
}
