package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.Packing;
import org.redisbackup.support.RdbFile;
import redis.clients.jedis.Jedis;

/** Imports as {@code import_options} of a request says. */
class ImportOptionsTest {
    private final RunningService service = RunningService.shared();

    private JsonNode imported(String file, String options) throws Exception {
        return service.finished(
                service.create(service.body(file).replaceFirst("\\{", "{\"import_options\":" + options + ",")));
    }

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
        return imported("two.rdb", "{\"conflict_policy\":\"" + policy + "\"}");
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

    @Test
    void commandsLoseWhatTheyCannotCarry() throws Exception {
        service.put(
                "idle.rdb",
                new RdbFile("REDIS0010").idle(500).string("idle", "1").bytes());
        String restored = imported("idle.rdb", "{}").get("task_id").asText();
        assertThat(service.stats(restored).get("losses")).isEmpty();
        JsonNode rebuilt = imported("idle.rdb", "{\"method\":\"commands\",\"on_loss\":\"fail\"}");
        assertThat(rebuilt.get("status").asText()).isEqualTo("SUCCESS");
        assertThat(service.stats(rebuilt.get("task_id").asText())
                        .get("losses")
                        .get("key_use")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void aNewerVersion() throws Exception {
        service.put("newer.rdb", new RdbFile("REDIS0099").string("newer", "1").bytes());
        assertThat(imported("newer.rdb", "{}").get("error_message").asText()).contains("REDIS0099");
        assertThat(imported("newer.rdb", "{\"unknown_version\":\"continue\"}")
                        .get("status")
                        .asText())
                .isEqualTo("SUCCESS");
    }

    @Test
    void anInvalidValue() throws Exception {
        byte[] noListpack = {7, 0, 0, 0, 9, 0, (byte) 0xff};
        service.put(
                "invalid.rdb",
                new RdbFile("REDIS0010")
                        .string("before", "1")
                        .record(16, "broken")
                        .text(noListpack)
                        .string("after", "1")
                        .bytes());
        try (Jedis target = service.target()) {
            target.flushAll();
            assertThat(imported("invalid.rdb", "{}").get("error_message").asText())
                    .contains("broken");
            assertThat(target.exists("after")).isFalse();
            String id = imported("invalid.rdb", "{\"invalid_values\":\"skip\"}")
                    .get("task_id")
                    .asText();
            assertThat(service.stats(id).get("failed_keys").asText()).isEqualTo("1");
            assertThat(target.keys("*")).containsExactlyInAnyOrder("before", "after");
        }
    }

    @Test
    void selectsAndChangesKeys() throws Exception {
        service.put(
                "rules.rdb",
                new RdbFile("REDIS0010")
                        .string("user:1", "a")
                        .string("session:1", "b")
                        .db(2)
                        .string("user:2", "c")
                        .bytes());
        String options =
                """
                {"include": {"keys": ["user:*"]}, "exclude": {"keys": ["/user:[5-9]/"], "types": ["hash"]},
                 "rename": {"strip_prefix": "user:", "add_prefix": "u:"}, "databases": {"*": 0}}""";
        try (Jedis target = service.target()) {
            target.flushAll();
            JsonNode task = imported("rules.rdb", options);
            assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
            JsonNode stats = service.stats(task.get("task_id").asText());
            assertThat(stats.get("filtered_keys").asText()).isEqualTo("1");
            assertThat(stats.get("imported_keys").asText()).isEqualTo("2");
            assertThat(stats.get("keys_by_database").toString())
                    .isEqualTo("{\"0\":{\"filtered\":1,\"imported\":1},\"2\":{\"imported\":1}}");
            assertThat(target.keys("*")).containsExactlyInAnyOrder("u:1", "u:2");
            target.flushAll();
            task = imported("rules.rdb", options.replace("{\"include", "{\"dry_run\": true, \"include"));
            JsonNode report =
                    service.report(task.get("task_id").asText()).get("files").get(0);
            assertThat(report.get("filtered_keys").asInt()).isEqualTo(1);
            assertThat(report.at("/keys/databases/0/keys").asInt()).isEqualTo(2);
            assertThat(report.at("/keys/largest/0/key").asText()).startsWith("u:");
            assertThat(report.get("collisions").toString()).isEqualTo("{\"keys\":0,\"estimated\":false}");
        }
    }

    @Test
    void tellsWhichKeysWouldFallTogether() throws Exception {
        service.put(
                "folded.rdb",
                new RdbFile("REDIS0010")
                        .string("a", "1")
                        .string("b", "1")
                        .db(2)
                        .string("b", "2")
                        .string("c", "2")
                        .bytes());
        JsonNode task = imported("folded.rdb", "{\"dry_run\": true, \"databases\": {\"*\": 0}}");
        assertThat(service.report(task.get("task_id").asText())
                        .at("/files/0/collisions/keys")
                        .asInt())
                .isEqualTo(1);
        task = imported("folded.rdb", "{\"dry_run\": true}");
        assertThat(service.report(task.get("task_id").asText())
                        .at("/files/0/collisions")
                        .isNull())
                .isTrue();
    }

    @Test
    void replicationReplacesEverything() throws Exception {
        service.put("whole/many.rdb", Corpus.bytes("manykeys-redis-7.0.15.rdb"));
        service.put("many.rdb.gz", Packing.Compression.GZ.of(Corpus.bytes("manykeys-redis-7.0.15.rdb")));
        service.put("two/a.rdb", new RdbFile("REDIS0010").string("a", "1").bytes());
        service.put("two/b.rdb", new RdbFile("REDIS0010").string("b", "1").bytes());
        service.put("two.zip", Packing.zip(Packing.files("a.rdb", new RdbFile("REDIS0010").bytes())));
        try (Jedis target = service.target()) {
            target.flushAll();
            JsonNode task = imported("whole/", "{\"method\":\"replication\",\"verify\":\"full\"}");
            assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
            JsonNode stats = service.stats(task.get("task_id").asText());
            assertThat(stats.get("imported_keys").asText()).isEqualTo("10000");
            assertThat(stats.get("read_bytes")).isEqualTo(stats.get("total_bytes"));
            assertThat(stats.get("verified_keys").asText()).isEqualTo("10000");
            assertThat(target.dbSize()).isEqualTo(10_000);
            target.set("other", "1");
            assertThat(imported("many.rdb.gz", "{\"method\":\"replication\"}")
                            .get("error_message")
                            .asText())
                    .contains("holds 10001 keys, which it would lose");
            assertThat(imported("many.rdb.gz", "{\"method\":\"replication\",\"replace_all\":true}")
                            .get("status")
                            .asText())
                    .isEqualTo("SUCCESS");
            assertThat(target.dbSize()).isEqualTo(10_000);
            String all = "{\"method\":\"replication\",\"replace_all\":true}";
            assertThat(imported("two/", all).get("error_message").asText()).contains("and the task has 2");
            assertThat(imported("two.zip", all).get("error_message").asText()).contains("holds several files");
            assertThat(target.dbSize()).isEqualTo(10_000);
            assertThat(target.role().get(0)).isEqualTo("master");
        }
    }

    /** Broken at its very end: the checksum is wrong. */
    private static byte[] brokenAtTheEnd() throws Exception {
        byte[] file = Corpus.bytes("manykeys-redis-7.0.15.rdb");
        file[file.length - 1] ^= 1;
        return file;
    }

    @Test
    void verifiesBeforeTheFirstWrite() throws Exception {
        service.put("bad-end.rdb", brokenAtTheEnd());
        service.put("good-end.rdb.gz", Packing.Compression.GZ.of(Corpus.bytes("manykeys-redis-7.0.15.rdb")));
        try (Jedis target = service.target()) {
            target.flushAll();
            JsonNode task = imported("bad-end.rdb", "{\"verify_first\":true}");
            assertThat(task.get("status").asText()).isEqualTo("FAILED");
            assertThat(task.get("error_message").asText())
                    .contains("bad-end.rdb")
                    .contains("checksum");
            assertThat(target.dbSize()).isZero();
            assertThat(imported("bad-end.rdb", "{}").get("status").asText()).isEqualTo("FAILED");
            assertThat(target.dbSize()).isEqualTo(10_000);
            task = imported("good-end.rdb.gz", "{\"verify_first\":true}");
            assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
            String id = task.get("task_id").asText();
            assertThat(service.stats(id).get("replaced_keys").asText()).isEqualTo("10000");
            assertThat(service.logs(id)).anyMatch(line -> line.contains("read to its end and found whole"));
        }
    }

    @Test
    void aDryRunWritesNothingAndReports() throws Exception {
        service.put("dry/many.rdb", Corpus.bytes("manykeys-redis-7.0.15.rdb"));
        service.put("dry/types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        service.put("dry/commands.aof", new AofFile().command("SET", "a", "1").bytes());
        try (Jedis target = service.target()) {
            target.flushAll();
            JsonNode task = imported("dry/", "{\"dry_run\":true}");
            assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
            assertThat(target.dbSize()).isZero();
            JsonNode files = service.report(task.get("task_id").asText()).get("files");
            assertThat(files.findValuesAsText("file"))
                    .containsExactly(uri("dry/commands.aof"), uri("dry/many.rdb"), uri("dry/types.rdb"));
            assertThat(files.at("/0/commands").asLong()).isEqualTo(1);
            assertThat(files.at("/1/keys/total/keys").asLong()).isEqualTo(10_000);
            assertThat(files.at("/2/keys/types/stream/keys").asLong()).isPositive();
            assertThat(files.at("/2/keys/largest/0/bytes").asLong()).isPositive();
            assertThat(files.at("/2/keys/slots/used_slots").asLong()).isPositive();
        }
    }

    @Test
    void aDryRunOfABrokenFileFails() throws Exception {
        service.put("dry-bad.rdb", brokenAtTheEnd());
        JsonNode task = imported("dry-bad.rdb", "{\"dry_run\":true}");
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(task.get("error_message").asText()).contains("checksum");
        assertThat(service.report(task.get("task_id").asText()).get("files")).isEmpty();
    }

    private String uri(String key) {
        return "s3://" + service.bucket() + "/" + key;
    }
}
