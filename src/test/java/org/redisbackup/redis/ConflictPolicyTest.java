package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class ConflictPolicyTest {
    private static final RdbFile FILE =
            new RdbFile(MAGIC).strings("a", 2500).db(3).strings("b", 500).db(1).strings("c", 10);

    private static void occupy(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.mset("a0", "mine", "a1999", "mine", "a2499", "mine", "other", "mine");
            jedis.select(3);
            jedis.rpush("b7", "mine");
            jedis.select(1);
            jedis.set("b7", "mine");
        }
    }

    private static String get(RedisServer server, int db, String key) {
        try (Jedis jedis = server.jedis()) {
            jedis.select(db);
            return jedis.get(key);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void importsEveryKeyIntoAnEmptyServer(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        for (ConflictPolicy policy : ConflictPolicy.values()) {
            RedisServers.shared(program);
            RestoreResult result = Imports.all(server, FILE, policy);
            assertThat(result.imported()).isEqualTo(3010);
            assertThat(result.keys()).isEqualTo(3010);
            assertThat(result.failures()).isEmpty();
            try (Jedis jedis = server.jedis()) {
                assertThat(jedis.info("keyspace")).contains("db0:keys=2500", "db3:keys=500", "db1:keys=10");
            }
            assertThat(get(server, 0, "a2499")).isEqualTo("value of 2499");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void replaces(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        occupy(server);
        RestoreResult result = Imports.all(server, FILE, ConflictPolicy.REPLACE);
        assertThat(result.imported()).isEqualTo(3006);
        assertThat(result.replaced()).isEqualTo(4);
        assertThat(result.keys()).isEqualTo(3010);
        assertThat(get(server, 0, "a1999")).isEqualTo("value of 1999");
        assertThat(get(server, 3, "b7")).isEqualTo("value of 7");
        assertThat(get(server, 1, "b7")).isEqualTo("mine");
        assertThat(get(server, 0, "other")).isEqualTo("mine");
        assertThat(Imports.all(server, FILE, ConflictPolicy.REPLACE).replaced()).isEqualTo(3010);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void countsExactlyWhereMostKeysExist(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        Imports.all(server, FILE, ConflictPolicy.REPLACE);
        try (RestorePipeline pipeline = Imports.pipeline(server);
                Jedis jedis = server.jedis()) {
            assertThat(Imports.all(pipeline, FILE, ConflictPolicy.REPLACE).replaced())
                    .isEqualTo(3010);
            jedis.del("a0", "a1", "a999", "a1000", "a2000", "a2499");
            jedis.del("a7");
            jedis.lpush("a7", "of another type");
            jedis.configResetStat();
            RestoreResult result = Imports.all(pipeline, FILE, ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(6);
            assertThat(result.replaced()).isEqualTo(3004);
            assertThat(result.keys()).isEqualTo(3010);
            assertThat(jedis.get("a7")).isEqualTo("value of 7");
            assertThat(jedis.info("commandstats")).contains("cmdstat_exists:calls=3010,");
            jedis.flushAll();
            assertThat(Imports.all(pipeline, FILE, ConflictPolicy.REPLACE).imported())
                    .isEqualTo(3010);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void skips(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        occupy(server);
        RestoreResult result = Imports.all(server, FILE, ConflictPolicy.SKIP);
        assertThat(result.imported()).isEqualTo(3006);
        assertThat(result.skipped()).isEqualTo(4);
        assertThat(result.keys()).isEqualTo(3010);
        assertThat(result.failures()).isEmpty();
        assertThat(get(server, 0, "a1999")).isEqualTo("mine");
        assertThat(get(server, 0, "a1998")).isEqualTo("value of 1998");
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void fails(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        occupy(server);
        RestoreResult result = Imports.all(server, FILE, ConflictPolicy.FAIL);
        assertThat(result.imported()).isEqualTo(3006);
        assertThat(result.failed()).isEqualTo(4);
        assertThat(result.failures())
                .extracting(KeyFailure::db, KeyFailure::key, KeyFailure::reason)
                .containsExactly(
                        tuple(0, "a0", "the key exists on the target"),
                        tuple(0, "a1999", "the key exists on the target"),
                        tuple(0, "a2499", "the key exists on the target"),
                        tuple(3, "b7", "the key exists on the target"));
        assertThat(get(server, 0, "a1999")).isEqualTo("mine");
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void countsTheBytesThatWereAcknowledged(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file = new RdbFile(MAGIC).string("key", "1234567").string("other", "12");
        assertThat(Imports.all(server, file, ConflictPolicy.SKIP).bytes()).isEqualTo(3 + 8 + 5 + 3);
        assertThat(Imports.all(server, file, ConflictPolicy.SKIP).bytes()).isZero();
        assertThat(Imports.all(server, file, ConflictPolicy.REPLACE).bytes()).isEqualTo(19);
    }
}
