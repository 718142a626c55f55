package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import redis.clients.jedis.Jedis;

/** Compares the target with the files after their import, as {@code verify} of {@code import_options} says. */
class VerifyTest {
    private final RunningService service = RunningService.shared();

    private JsonNode imported(String file, byte[] content, String options) throws Exception {
        service.put(file, content);
        try (Jedis target = service.target()) {
            target.flushAll();
        }
        return again(file, options);
    }

    private JsonNode again(String file, String options) throws Exception {
        return service.finished(
                service.create(service.body(file).replaceFirst("\\{", "{\"import_options\":{" + options + "},")));
    }

    private String stat(JsonNode task, String name) throws Exception {
        return service.stats(task.get("task_id").asText()).get(name).asText();
    }

    private List<String> log(JsonNode task, String words) throws Exception {
        return service.logs(task.get("task_id").asText()).stream()
                .filter(line -> line.contains(words))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"count", "full"})
    void everyKeyIsThere(String verify) throws Exception {
        JsonNode task = imported("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"), "\"verify\":\"" + verify + "\"");
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        assertThat(stat(task, "verified_keys")).isEqualTo(stat(task, "imported_keys"));
        assertThat(stat(task, "different_keys")).isEqualTo("0");
        assertThat(log(task, "keys compared with the target")).hasSize(1);
    }

    @Test
    void aSample() throws Exception {
        byte[] file = new RdbFile("REDIS0010").strings("k", 20_000).bytes();
        JsonNode task = imported("many.rdb", file, "\"verify\":\"sample\"");
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        assertThat(Integer.parseInt(stat(task, "verified_keys"))).isBetween(800, 1200);
    }

    @Test
    void namesWhatDiffers() throws Exception {
        byte[] file = new RdbFile("REDIS0010")
                .string("k", "overwritten")
                .string("same", "1")
                .string("k", "last")
                .bytes();
        JsonNode task = imported("twice.rdb", file, "\"verify\":\"full\"");
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(task.get("error_message").asText())
                .contains("string \"k\" of database 0")
                .contains("has the length 4 on the target, but 11 as it was imported")
                .contains("1 of 3 keys compared differ");
        assertThat(stat(task, "verified_keys")).isEqualTo("3");
        assertThat(stat(task, "different_keys")).isEqualTo("1");
        assertThat(log(task, "(at byte"))
                .filteredOn(line -> !line.contains("keys read"))
                .hasSize(1);
    }

    @Test
    void keysAreComparedAsTheRulesChangeThem() throws Exception {
        long soon = System.currentTimeMillis() + 5_000_000;
        byte[] file = new RdbFile("REDIS0010")
                .field("ctime", Long.toString(System.currentTimeMillis() / 1000 - 86_400))
                .expireAt(soon)
                .string("user:1", "a")
                .string("session:1", "b")
                .expireAt(System.currentTimeMillis() - 5_000_000)
                .string("user:3", "c")
                .db(2)
                .string("user:2", "c")
                .bytes();
        String rules =
                """
                "verify": "full", "include": {"keys": ["user:*"]}, "databases": {"*": 1},
                "rename": {"strip_prefix": "user:", "add_prefix": "u:"},
                "expiry": {"mode": "shift", "min_ttl_seconds": 100, "jitter_seconds": 1000}""";
        JsonNode task = imported("rules.rdb", file, rules);
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        assertThat(stat(task, "verified_keys")).isEqualTo("3");
    }

    @Test
    void failuresAreNoDifferences() throws Exception {
        byte[] file = new RdbFile("REDIS0010").strings("k", 300).bytes();
        imported("some.rdb", file, "\"verify\":\"full\"");
        try (Jedis target = service.target()) {
            target.set("k7", "another");
            target.del("k8");
        }
        JsonNode task = again("some.rdb", "\"verify\":\"full\", \"conflict_policy\":\"fail\"");
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(stat(task, "failed_keys")).isEqualTo("299");
        assertThat(stat(task, "verified_keys")).isEqualTo("1");
        assertThat(stat(task, "different_keys")).isEqualTo("0");
    }

    @Test
    void skippedKeysNeedOnlyBeThere() throws Exception {
        byte[] file = new RdbFile("REDIS0010").strings("k", 10).bytes();
        imported("skip.rdb", file, "\"verify\":\"full\"");
        try (Jedis target = service.target()) {
            target.set("k7", "another");
        }
        JsonNode task = again("skip.rdb", "\"verify\":\"full\", \"conflict_policy\":\"skip\"");
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        assertThat(stat(task, "verified_keys")).isEqualTo("10");
    }

    @Test
    void commandsAreNot() throws Exception {
        byte[] file = new AofFile().command("SET", "a", "1").bytes();
        JsonNode task = imported("commands.aof", file, "\"verify\":\"full\"");
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
        assertThat(stat(task, "verified_keys")).isEqualTo("0");
        assertThat(log(task, "not compared with the target: it holds commands")).hasSize(1);
    }
}
