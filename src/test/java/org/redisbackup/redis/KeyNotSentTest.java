package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class KeyNotSentTest {
    private static final long YEAR_2100 = 4_102_444_800_000L;

    @ParameterizedTest
    @MethodSource(SERVERS)
    void countsExpiredKeysAndKeepsOtherExpiries(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file = new RdbFile(MAGIC)
                .expireAt(YEAR_2100)
                .string("later", "1")
                .expireAt(System.currentTimeMillis() - 1)
                .string("past", "1")
                .expireAt(0)
                .string("zero", "1")
                .expireAt(-2)
                .string("negative", "1")
                .expireAt(-1)
                .string("never", "1");
        RestoreResult result = Imports.all(server, file, ConflictPolicy.FAIL);
        assertThat(result.imported()).isEqualTo(2);
        assertThat(result.expired()).isEqualTo(3);
        assertThat(result.keys()).isEqualTo(5);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.pexpireTime("later")).isEqualTo(YEAR_2100);
            assertThat(jedis.pexpireTime("never")).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void keepsIdleTimesAndAccessCounters(RedisServers.Program program) throws Exception {
        RdbFile file = new RdbFile(MAGIC)
                .idle(5000)
                .string("idle", "not shared")
                .frequency(200)
                .string("often", "not shared")
                .idle(7000)
                .frequency(100)
                .expireAt(YEAR_2100)
                .string("both", "not shared");
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.configSet("maxmemory-policy", "allkeys-lru");
            RestoreResult result = Imports.all(server, file, ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(3);
            assertThat(jedis.objectIdletime("idle")).isBetween(5000L, 5100L);
            jedis.configSet("maxmemory-policy", "allkeys-lfu");
            assertThat(Imports.all(server, file, ConflictPolicy.REPLACE).replaced())
                    .isEqualTo(3);
            assertThat(jedis.objectFreq("often")).isBetween(190L, 201L);
            jedis.configSet("maxmemory-policy", "noeviction");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void reportsDatabasesThatTheTargetLacks(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file = new RdbFile(MAGIC)
                .strings("a", 3)
                .db(15)
                .strings("b", 2000)
                .db(16)
                .strings("c", 1500)
                .db(40)
                .strings("d", 1)
                .db(2)
                .strings("e", 5);
        RestoreResult result = Imports.all(server, file, ConflictPolicy.REPLACE);
        assertThat(result.imported()).isEqualTo(2008);
        assertThat(result.failed()).isEqualTo(1501);
        assertThat(result.failures().get(0).reason())
                .isEqualTo("database 16 does not exist on " + server.target().address() + " (it has 16)");
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.info("keyspace")).contains("db0:keys=3,", "db15:keys=2000,", "db2:keys=5,");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void reportsValuesOfMissingModules(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        // "testmodul" is a name of nine characters; then the version 1, no content, the end mark
        long id = 0;
        for (char c : "testmodul".toCharArray()) {
            id = id << 6 | (c - 'a' + 26);
        }
        byte[] value = java.nio.ByteBuffer.allocate(10)
                .put((byte) 0x81)
                .putLong(id << 10 | 1)
                .put((byte) 0)
                .array();
        RdbFile file = new RdbFile(MAGIC)
                .string("before", "1")
                .record(7, "module \n\\")
                .raw(value)
                .string("after", "1");
        RestoreResult result = Imports.all(server, file, ConflictPolicy.REPLACE);
        assertThat(result.imported()).isEqualTo(2);
        assertThat(result.unsupported()).isEqualTo(1);
        KeyFailure failure = result.failures().get(0);
        assertThat(failure.reason()).startsWith("the target lacks the module testmodul");
        assertThat(failure.key()).isEqualTo("module \\x0a\\x5c");
        assertThat(failure.type()).isEqualTo("module");
        assertThat(failure.outcome()).isEqualTo(KeyOutcome.UNSUPPORTED);
        assertThat(failure.offset()).isEqualTo(9 + 1 + 7 + 2);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void reportsOtherBadValues(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file =
                new RdbFile(MAGIC).string("before", "1").record(2, "empty set").raw((byte) 0);
        RestoreResult result = Imports.all(server, file, ConflictPolicy.REPLACE);
        assertThat(result.imported()).isEqualTo(1);
        assertThat(result.failed()).isEqualTo(1);
        assertThat(result.failures().get(0).reason())
                .isEqualTo("the target refused the key (it answered: ERR Bad data format)");
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void reportsOversizedValuesOfModules(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file = new RdbFile(MAGIC).string("before", "1");
        file.record(7, "large").raw(new byte[] {(byte) 0x81, 0, 0, 0, 0, 0, 0, 0, 0, 5});
        file.text(new byte[18_000]).raw((byte) 0);
        file.string("after", "1");
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            RestoreResult result = Imports.all(
                    pipeline, Imports.reader(file.open(), LIMITS.withMaxBufferedValue(10_000)), ConflictPolicy.SKIP);
            assertThat(result.imported()).isEqualTo(2);
            assertThat(result.failed()).isEqualTo(1);
            assertThat(result.failures().get(0).reason()).contains("takes 18016 bytes", "raise maxValueBytes");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void reportsValuesThatTheTargetWouldNotTakeAtOnce(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--proto-max-bulk-len", "1mb")) {
            RdbFile file = new RdbFile(MAGIC)
                    .string("before", "1")
                    .string("large", new byte[1 << 20])
                    .string("fits", new byte[(1 << 20) - 5 - 11])
                    .string("after", "1");
            RestoreResult result = Imports.all(server, file, ConflictPolicy.SKIP);
            assertThat(result.imported()).isEqualTo(3);
            assertThat(result.failed()).isEqualTo(1);
            assertThat(result.failures().get(0).reason())
                    .contains("takes 1048581 bytes", "takes 1048576 at once", "proto-max-bulk-len");
        }
    }

    @Test
    void reportsTypesThatTheTargetDoesNotKnow() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        RdbFile file = new RdbFile("REDIS0014").string("before", "1");
        file.record(28, "array").raw((byte) 1, (byte) 0, (byte) 7, (byte) 1).raw(new byte[8]);
        file.string("after", "1");
        RestoreResult result = Imports.all(server, file, ConflictPolicy.SKIP);
        assertThat(result.imported()).isEqualTo(2);
        assertThat(result.unsupported()).isEqualTo(1);
        assertThat(result.failures().get(0).reason())
                .isEqualTo("Redis 7.0.15 does not know the encoding ARRAY; Redis 8.8 or later does");
    }
}
