package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import redis.clients.jedis.Jedis;

/** Imports that can't succeed say what is wrong and where, and count what was delivered before. */
class FailedImportTest {
    private static final String NO_KEYS =
            " (0 keys read: 0 imported, 0 replaced, 0 skipped, 0 expired, 0 unsupported, 0 failed)";

    private final RunningService service = RunningService.shared();

    @Test
    void aBucketThatIsNotThere() throws Exception {
        assertThat(failure(
                        RunningService.body("test-import", "bucket-nowhere", "a.rdb", RunningService.INSTANCE, null)))
                .startsWith("Cannot read s3://bucket-nowhere/a.rdb: there is no bucket bucket-nowhere")
                .endsWith(NO_KEYS);
    }

    @Test
    void aFileThatIsNotThere() throws Exception {
        assertThat(failure(service.body("missing.rdb")))
                .startsWith("Cannot read s3://" + service.bucket() + "/missing.rdb: there is no such object")
                .endsWith(NO_KEYS);
    }

    @Test
    void aPrefixWithoutBackups() throws Exception {
        assertThat(failure(service.body("none/")))
                .startsWith("There is no backup under s3://" + service.bucket() + "/none/: no key ends in .rdb")
                .endsWith(NO_KEYS);
    }

    @Test
    void theRightPasswordOfTheRequest() throws Exception {
        service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        String id = service.create(RunningService.body(
                "test-import",
                service.bucket(),
                "types.rdb",
                RunningService.PROTECTED_INSTANCE,
                RunningService.PROTECTED_PASSWORD));
        assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
    }

    @Test
    void aTextFile() throws Exception {
        service.put("notes.rdb", "These are no keys.".repeat(100).getBytes(StandardCharsets.UTF_8));
        assertThat(failure(service.body("notes.rdb")))
                .startsWith("s3://" + service.bucket() + "/notes.rdb: ")
                .contains("(at byte 0)")
                .endsWith(NO_KEYS);
    }

    @Test
    void aTruncatedFileCountsWhatCameBefore() throws Exception {
        byte[] bytes = Corpus.bytes("big-redis-6.2.16.rdb");
        service.put("cut.rdb", Arrays.copyOf(bytes, bytes.length - 1000));
        try (Jedis target = service.target()) {
            target.flushAll();
            String id = service.create(service.body("cut.rdb"));
            JsonNode task = service.finished(id);
            assertThat(task.get("status").asText()).isEqualTo("FAILED");
            assertThat(task.get("error_message").asText())
                    .startsWith("s3://" + service.bucket() + "/cut.rdb: the file is cut off")
                    .contains("(at byte ");
            long delivered = target.dbSize();
            assertThat(delivered).isPositive();
            JsonNode stats = service.stats(id);
            assertThat(stats.get("imported_keys").asLong()).isEqualTo(delivered);
            assertThat(stats.get("full_migration_progress").asInt()).isLessThan(100);
            assertThat(stats.get("is_migrating").asBoolean()).isFalse();
        }
    }

    @Test
    void aTargetThatRefusesInTheMiddleOfALargeFile() throws Exception {
        service.put("many.rdb", manyBatches());
        try (Jedis target = service.target()) {
            target.flushAll();
            target.configSet("maxmemory", Long.toString(usedMemory(target) + 3_000_000));
            JsonNode stats;
            try {
                String id = service.create(service.body("many.rdb")
                        .replaceFirst("\\{", "{\"import_options\":{\"max_memory_percent\":0},"));
                JsonNode task = service.finished(id);
                assertThat(task.get("error_message").asText())
                        .startsWith("s3://" + service.bucket() + "/many.rdb: ")
                        .contains(service.targetAddress())
                        .contains("memory");
                stats = service.stats(id);
            } finally {
                target.configSet("maxmemory", "0");
            }
            assertThat(stats.get("imported_keys").asLong()).isPositive().isEqualTo(target.dbSize());
            assertThat(stats.get("failed_keys").asLong()).isPositive();
        }
    }

    /** Far more than may be in flight at once. */
    private static byte[] manyBatches() {
        RdbFile file = new RdbFile("REDIS0010").db(0);
        byte[] value = new byte[1000];
        for (int i = 0; i < 20_000; i++) {
            file.string("key:" + i, value);
        }
        return file.bytes();
    }

    private static long usedMemory(Jedis redis) {
        return redis.info("memory")
                .lines()
                .filter(line -> line.startsWith("used_memory:"))
                .mapToLong(line ->
                        Long.parseLong(line.substring("used_memory:".length()).trim()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void oneBadFileOfSeveral() throws Exception {
        service.put("several/1.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        service.put("several/2.rdb", "no backup".getBytes(StandardCharsets.UTF_8));
        service.put("several/3.rdb", Corpus.bytes("manykeys-redis-7.0.15.rdb"));
        String id = service.create(service.body("several/"));
        JsonNode task = service.finished(id);
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(task.get("error_message").asText())
                .startsWith("s3://" + service.bucket() + "/several/2.rdb: ")
                .contains(" (10131 keys read: ");
        assertThat(service.stats(id).get("target_dbsize").asText()).isEqualTo("10131");
    }

    /** The error message of a task that has to fail. */
    private String failure(String body) throws Exception {
        JsonNode task = service.finished(service.create(body));
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        return task.get("error_message").asText();
    }
}
