package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Strings go by the cheapest command, with what they are and with exact counts. */
class StringDeliveryTest {
    private static final long EXPIRY = 4_000_000_000_000L;

    @ParameterizedTest
    @MethodSource(SERVERS)
    void everyFormArrives(RedisServers.Program program) throws Exception {
        RdbFile file = new RdbFile(MAGIC)
                .record(0, "int8")
                .raw((byte) 0xC0, (byte) -128)
                .record(0, "int16")
                .raw((byte) 0xC1, (byte) 0x85, (byte) 0xff)
                .record(0, "int32")
                .raw((byte) 0xC2, (byte) 0, (byte) 0, (byte) 0, (byte) 0x80)
                .record(0, "positive")
                .raw((byte) 0xC2, (byte) 0x15, (byte) 0xcd, (byte) 0x5b, (byte) 0x07)
                .record(0, "compressed") // 5 literals, then 100 - 5 bytes from 1 byte back, in two steps
                .raw((byte) 0xC3, (byte) 9, (byte) 0x40, (byte) 100, (byte) 4, (byte) 'a', (byte) 'a', (byte) 'a')
                .raw((byte) 'a', (byte) 'a', (byte) 0xe0, (byte) 86, (byte) 0);
        int[] lengths = {0, 1, 63, 64, 1022, 1023, 16_383, 16_384, 300_000};
        for (int length : lengths) {
            file.string("plain" + length, "x".repeat(length));
        }
        file.expireAt(EXPIRY).string("expiring", "soon").idle(5000).string("idle", "rarely used");

        try (RedisServer server = RedisServer.start(program);
                Jedis jedis = server.jedis()) {
            assertThat(Imports.all(server, file, ConflictPolicy.FAIL).imported())
                    .isEqualTo(lengths.length + 7);
            assertThat(jedis.objectIdletime("idle")).isGreaterThanOrEqualTo(5000); // reading it ends that
            assertThat(jedis.mget("int8", "int16", "int32", "positive", "compressed", "expiring", "idle"))
                    .containsExactly(
                            "-128", "-123", "-2147483648", "123456789", "a".repeat(100), "soon", "rarely used");
            assertThat(jedis.pexpireTime("expiring")).isEqualTo(EXPIRY);
            for (int length : lengths) {
                assertThat(jedis.get("plain" + length)).isEqualTo("x".repeat(length));
            }
            assertThat(jedis.info("commandstats"))
                    .contains("cmdstat_msetnx:calls=2,", "cmdstat_set:calls=6,", "cmdstat_restore:calls=2,");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void aKeyThatExistsHoldsUpItsGroupAlone(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program);
                Jedis jedis = server.jedis()) {
            jedis.lpush("a40", "mine");
            RestoreResult result = Imports.all(server, new RdbFile(MAGIC).strings("a", 96), ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(95);
            assertThat(result.replaced()).isEqualTo(1);
            assertThat(jedis.get("a40")).isEqualTo("value of 40");
            assertThat(jedis.info("commandstats")).contains("cmdstat_msetnx:calls=3,", "cmdstat_set:calls=32,");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void usersMayBeDeniedGroupsOrSomeKeys(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program);
                Jedis jedis = server.jedis()) {
            Target open = server.target();
            jedis.aclSetUser("single", "on", ">secret", "~a*", "+@all", "-msetnx");
            jedis.aclSetUser("some", "on", ">secret", "~a1*", "+@all");
            Target single = new Target(open.host(), open.port(), "single", Secret.of("secret"), false);
            Target some = new Target(open.host(), open.port(), "some", Secret.of("secret"), false);
            try (RestorePipeline pipeline = Imports.pipeline(single)) {
                assertThat(Imports.all(pipeline, new RdbFile(MAGIC).strings("a", 3000), ConflictPolicy.SKIP)
                                .imported())
                        .isEqualTo(3000);
            }
            jedis.flushAll();
            try (RestorePipeline pipeline = Imports.pipeline(some)) {
                RestoreResult result =
                        Imports.all(pipeline, new RdbFile(MAGIC).strings("a", 30), ConflictPolicy.REPLACE);
                assertThat(result.imported()).isEqualTo(11);
                assertThat(result.failed()).isEqualTo(19);
            }
        }
    }
}
