package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;

/** Imports that send only what differs from the backup before, as {@code incremental} of {@code import_options} says. */
class IncrementalKeysTest {
    private static final String KEYS = "\"incremental\":\"keys\"";
    private static final int MANY = 20_000;

    private final RunningService service = RunningService.shared();

    @BeforeEach
    void empty() {
        try (Jedis target = service.target()) {
            target.flushAll();
        }
    }

    private JsonNode imported(String file, byte[] content, String options) throws Exception {
        service.put(file, content);
        String body = service.body(file)
                .replace("full_amount_migration", "incremental_migration")
                .replaceFirst("\\{", "{\"import_options\":{" + options + "},");
        return service.finished(service.create(body));
    }

    private JsonNode succeeded(String file, byte[] content) throws Exception {
        JsonNode task = imported(file, content, KEYS);
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        return service.stats(task.get("task_id").asText());
    }

    /** Of keys by outcome. */
    private static void assertCounts(JsonNode stats, long imported, long replaced, long unchanged, long deleted) {
        assertThat(List.of("imported", "replaced", "unchanged", "deleted"))
                .extracting(name -> stats.get(name + "_keys").asLong())
                .as(stats.toString())
                .containsExactly(imported, replaced, unchanged, deleted);
        assertThat(stats.get("source_dbsize").asLong()).isEqualTo(imported + replaced + unchanged);
    }

    private List<String> log(JsonNode task) throws Exception {
        return service.logs(task.get("task_id").asText());
    }

    private static byte[] file(int from, int to, IntFunction<String> value) {
        RdbFile file = new RdbFile("REDIS0010").db(0);
        for (int i = from; i < to; i++) {
            if (i == (from + to) / 2) {
                file.db(2);
            }
            file.string("key:" + i, value.apply(i));
        }
        return file.bytes();
    }

    private String digest() {
        try (Jedis target = service.target()) {
            return SafeEncoder.encode((byte[]) target.sendCommand(() -> SafeEncoder.encode("DEBUG"), "DIGEST"));
        }
    }

    @Test
    void sendsWhatDiffersAndDeletesWhatVanished() throws Exception {
        assertCounts(succeeded("many.rdb", file(0, MANY, i -> "v" + i)), MANY, 0, 0, 0);
        byte[] second = file(0, MANY, i -> i % 50 == 0 ? "another" : "v" + i);
        // 400 changed; the lower half of the keys is in database 0, the upper in 2
        assertCounts(succeeded("many.rdb", second), 0, 400, MANY - 400, 0);
        byte[] third = file(200, MANY + 200, i -> i % 50 == 0 ? "another" : "v" + i);
        // 200 vanished, 200 are new, and 200 are in database 0 instead of 2
        assertCounts(succeeded("many.rdb", third), 400, 0, MANY - 400, 400);
        String incremental = digest();
        empty();
        imported("full.rdb", third, "\"incremental\":\"files\"");
        assertThat(digest()).isEqualTo(incremental);
    }

    @Test
    void theSameBackupSendsNothing() throws Exception {
        byte[] types = Corpus.bytes("types-redis-7.0.15.rdb");
        JsonNode first = succeeded("types.rdb", types);
        JsonNode second = succeeded("types.rdb", types);
        assertCounts(second, 0, 0, first.get("imported_keys").asLong(), 0);
        assertThat(second.get("target_dbsize")).isEqualTo(first.get("target_dbsize"));
    }

    @Test
    void leavesAloneWhatIsInNeitherBackup() throws Exception {
        succeeded("own.rdb", file(0, 100, i -> "v"));
        try (Jedis target = service.target()) {
            target.set("own", "1");
            assertCounts(succeeded("own.rdb", file(0, 1, i -> "v")), 1, 0, 0, 100);
            assertThat(target.get("own")).isEqualTo("1");
        }
    }

    @Test
    void aKeyWhoseTimeIsOverGoes() throws Exception {
        long later = System.currentTimeMillis() + 3_600_000;
        RdbFile before = new RdbFile("REDIS0010")
                .string("for ever", "1")
                .expireAt(later)
                .string("longer", "1")
                .string("same", "1");
        assertCounts(succeeded("expiry.rdb", before.bytes()), 3, 0, 0, 0);
        RdbFile now = new RdbFile("REDIS0010")
                .expireAt(1000)
                .string("for ever", "1")
                .expireAt(later + 1)
                .string("longer", "1")
                .string("same", "1");
        JsonNode stats = succeeded("expiry.rdb", now.bytes());
        assertThat(stats.get("expired_keys").asInt()).isEqualTo(1);
        assertThat(stats.get("replaced_keys").asInt()).isEqualTo(1);
        assertThat(stats.get("unchanged_keys").asInt()).isEqualTo(1);
        assertThat(stats.get("deleted_keys").asInt()).isEqualTo(1);
        try (Jedis target = service.target()) {
            assertThat(target.exists("for ever")).isFalse();
            assertThat(target.pexpireTime("longer")).isEqualTo(later + 1);
        }
    }

    @Test
    void anotherImportIntoTheTargetEndsTheSeries() throws Exception {
        byte[] file = file(0, 100, i -> "v");
        succeeded("series.rdb", file);
        imported("other.rdb", file(0, 10, i -> "other"), "\"verify_first\":true");
        JsonNode task = imported("series.rdb", file, KEYS);
        assertCounts(service.stats(task.get("task_id").asText()), 0, 100, 0, 0);
        assertThat(log(task))
                .anyMatch(line -> line.contains("this is the first import of its series into this target, or"));
        succeeded("another-series.rdb", file(0, 10, i -> "other"));
        task = imported("series.rdb", file, KEYS);
        assertThat(log(task)).anyMatch(line -> line.contains("was of another series of backups"));
        assertCounts(service.stats(task.get("task_id").asText()), 0, 100, 0, 0);
        assertCounts(succeeded("series.rdb", file), 0, 0, 100, 0);
    }

    @Test
    void afterAFailureEverythingIsSentAndWhatVanishedGoes() throws Exception {
        succeeded("failing.rdb", file(0, 100, i -> "v"));
        RdbFile failing = new RdbFile("REDIS0010").strings("another", 10).db(99).string("nowhere", "1");
        JsonNode task = imported("failing.rdb", failing.bytes(), KEYS);
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(service.stats(task.get("task_id").asText())
                        .get("deleted_keys")
                        .asText())
                .isEqualTo("0");
        task = imported("failing.rdb", file(0, 90, i -> "v"), KEYS);
        assertThat(log(task)).contains("Everything is sent: the last import of this series did not succeed");
        JsonNode stats = service.stats(task.get("task_id").asText());
        // database 2 begins at key 45 instead of 50
        assertCounts(stats, 5, 85, 0, 15);
        assertCounts(succeeded("failing.rdb", file(0, 90, i -> "v")), 0, 0, 90, 0);
    }

    @Test
    void aSelectionIsPartOfTheSeries() throws Exception {
        RdbFile file = new RdbFile("REDIS0010").strings("a", 10).strings("b", 10);
        String onlyA = KEYS + ",\"incremental_series\":\"s\",\"include\":{\"keys\":[\"a*\"]}";
        imported("one.rdb", file.bytes(), onlyA);
        JsonNode task =
                imported("two.rdb", new RdbFile("REDIS0010").strings("a", 9).bytes(), onlyA);
        assertCounts(service.stats(task.get("task_id").asText()), 0, 0, 9, 1);
        JsonNode all = imported("two.rdb", file.bytes(), KEYS + ",\"incremental_series\":\"s\"");
        assertCounts(service.stats(all.get("task_id").asText()), 11, 9, 0, 0);
    }

    @Test
    void theTargetIsComparedWithWhatWasNotSent() throws Exception {
        succeeded("verified.rdb", file(0, 100, i -> "v"));
        try (Jedis target = service.target()) {
            target.set("key:7", "changed otherwise");
        }
        JsonNode task = imported("verified.rdb", file(0, 100, i -> "v"), KEYS + ",\"verify\":\"full\"");
        assertThat(task.get("error_message").asText()).contains("1 of 100 keys compared differ");
        assertCounts(succeeded("verified.rdb", file(0, 100, i -> "v")), 0, 100, 0, 0);
    }

    @Test
    void severalFilesAreOneBackup() throws Exception {
        service.put("shards/1.rdb", new RdbFile("REDIS0010").strings("a", 500).bytes());
        assertCounts(
                succeeded(
                        "shards/",
                        "shards/2.rdb",
                        new RdbFile("REDIS0010").strings("b", 500).bytes()),
                1000,
                0,
                0,
                0);
        service.put("shards/1.rdb", new RdbFile("REDIS0010").strings("b", 500).bytes());
        assertCounts(
                succeeded(
                        "shards/",
                        "shards/2.rdb",
                        new RdbFile("REDIS0010").strings("a", 498).bytes()),
                0,
                0,
                998,
                2);
    }

    /** More than keys are looked up in one by one. */
    @Test
    void manyFilesAreOneBackup() throws Exception {
        for (int i = 0; i < 5; i++) {
            service.put("many-shards/" + i + ".rdb", file(1000 * i, 1000 * i + 1000, n -> "v"));
        }
        byte[] last = file(5000, 6000, n -> "v");
        assertCounts(succeeded("many-shards/", "many-shards/5.rdb", last), 6000, 0, 0, 0);
        service.put("many-shards/3.rdb", file(3000, 4000, n -> n % 10 == 0 ? "w" : "v"));
        last = file(5000, 5990, n -> "v");
        JsonNode stats = succeeded("many-shards/", "many-shards/5.rdb", last);
        // database 2 begins at key 5495 instead of 5500
        assertCounts(stats, 5, 100, 5885, 15);
    }

    private JsonNode succeeded(String prefix, String file, byte[] content) throws Exception {
        service.put(file, content);
        JsonNode task = service.finished(service.create(service.body(prefix)
                .replace("full_amount_migration", "incremental_migration")
                .replaceFirst("\\{", "{\"import_options\":{" + KEYS + "},")));
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        return service.stats(task.get("task_id").asText());
    }

    @Test
    void commandsCantBeCompared() throws Exception {
        byte[] file = new AofFile().command("SET", "a", "1").bytes();
        JsonNode task = imported("commands.aof", file, KEYS);
        assertThat(task.get("error_message").asText())
                .contains("commands.aof holds commands of an append-only file, and what they make of the keys can't be"
                        + " compared");
    }

    @Test
    void fullMigrationsCompareNothing() throws Exception {
        String body = service.body("a.rdb").replaceFirst("\\{", "{\"import_options\":{" + KEYS + "},");
        var answer = service.post(body);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("X-Error-Hint"))
                .hasValue("incremental keys goes with the method incremental_migration");
    }

    @Test
    void anEmptyTargetGetsEverything() throws Exception {
        succeeded("emptied.rdb", file(0, 100, i -> "v"));
        empty();
        assertCounts(succeeded("emptied.rdb", file(0, 100, i -> "v")), 100, 0, 0, 0);
    }

    @Test
    void theBackupsOfAScheduleAreASeries() throws Exception {
        String schedule =
                """
                {"name": "increments", "cron": "0 0 0 1 1 ? 2099", "bucket": "%s", "prefix": "increments/",
                 "pattern": "{yyyy-MM-dd}.rdb", "target": "%s", "import_options": {%s}}"""
                        .formatted(service.bucket(), RunningService.INSTANCE, KEYS);
        assertThat(send("/migration-schedules", schedule).statusCode()).isEqualTo(200);
        try {
            service.put("increments/2026-01-01.rdb", file(0, 100, i -> "v"));
            assertCounts(run(), 100, 0, 0, 0);
            service.put("increments/2026-01-02.rdb", file(0, 98, i -> i == 3 ? "w" : "v"));
            // database 2 begins at key 49 instead of 50
            assertCounts(run(), 1, 1, 96, 3);
        } finally {
            service.send(service.asAdmin("/migration-schedules/increments").DELETE());
        }
    }

    private HttpResponse<String> send(String path, String body) throws Exception {
        return service.send(service.asAdmin(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private JsonNode run() throws Exception {
        HttpResponse<String> answer = send("/migration-schedules/increments/run", "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = new ObjectMapper().readTree(answer.body()).get("id").asText();
        JsonNode task = service.finished(id);
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        return service.stats(id);
    }

    @Test
    void deletesIndexesThatAreOfNoMoreUseAndNothingElse() throws Exception {
        Path folder = Path.of(service.properties().get("redisbackup.incremental.directory"));
        Path other = Files.createDirectories(folder.resolve("not ours"));
        for (int i = 0; i < 3; i++) {
            succeeded("tidy.rdb", file(0, 100 + i, n -> "v"));
        }
        try (Stream<Path> content = Files.list(folder)) {
            assertThat(content).hasSize(2).contains(other);
        }
    }
}
