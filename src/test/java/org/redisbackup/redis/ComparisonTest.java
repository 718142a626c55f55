package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisCluster;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisCluster;
import redis.clients.jedis.StreamEntryID;

class ComparisonTest {
    private static final long HOUR = 3_600_000;
    private static final RdbLimits SMALL_VALUES = new RdbLimits(16 << 20, 1000, 1 << 20);

    private static ComparisonResult compared(Target target, byte[] file, RdbLimits limits, Comparison.Depth depth)
            throws IOException {
        try (Comparison comparison = new Comparison(target, 5000, depth, System.currentTimeMillis(), false);
                BatchReader reader = Imports.reader(new ByteArrayInputStream(file), limits)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                comparison.add(batch);
                batch.release();
            }
            return comparison.result();
        }
    }

    private static ComparisonResult compared(Target target, byte[] file) throws IOException {
        return compared(target, file, LIMITS, Comparison.Depth.VALUE);
    }

    private static byte[] types(RedisServers.Program program) throws IOException {
        return Corpus.bytes(program.name().equals("valkey") ? "types-valkey-9.1.2.rdb" : "types-redis-7.0.15.rdb");
    }

    /** By {@code RESTORE} values keep their encodings, by commands they get others. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void findsValuesOfEveryTypeEqual(RedisServers.Program program) throws Exception {
        byte[] file = types(program);
        RedisServer server = RedisServers.shared(program);
        for (DeliveryRules rules :
                List.of(DeliveryRules.of(ConflictPolicy.REPLACE), Imports.rebuilding(ConflictPolicy.REPLACE))) {
            try (Jedis jedis = server.jedis()) {
                jedis.flushAll();
            }
            RestoreResult imported = Imports.all(server, new ByteArrayInputStream(file), rules);
            ComparisonResult result = compared(server.target(), file);
            assertThat(result.differences()).isEmpty();
            assertThat(result.keys()).isEqualTo(imported.imported() + imported.replaced());
            assertThat(result.byLength()).isLessThan(result.keys() / 10);
        }
    }

    /** Each value is changed in one element, so that its length stays. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void findsWhatWasChanged(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            for (String name : List.of("list", "list of others")) {
                jedis.rpush(name, "a", "b");
            }
            jedis.set("string", "abc");
            jedis.sadd("set", "1", "2");
            jedis.zadd("zset", 1.5, "a");
            jedis.hset("hash", "f", "v");
            jedis.hset("hash of others", "f", "v");
            jedis.xadd("stream", new StreamEntryID(1, 1), Map.of("f", "v"));
            jedis.xgroupCreate("stream", "g", new StreamEntryID(0, 0), false);
            jedis.set("same", "same");
            byte[] file = save(server);
            assertThat(compared(server.target(), file).differences()).isEmpty();
            jedis.set("string", "abd");
            jedis.lset("list", 0, "b");
            jedis.lset("list", 1, "a");
            jedis.del("list of others", "hash of others");
            jedis.set("list of others", "string");
            jedis.srem("set", "2");
            jedis.sadd("set", "3");
            jedis.zadd("zset", 1.25, "a");
            jedis.hset("hash", "f", "w");
            jedis.xgroupSetID("stream", "g", new StreamEntryID(1, 1));
            ComparisonResult result = compared(server.target(), file);
            assertThat(result.differences().stream().map(each -> each.key() + " " + each.reason()))
                    .containsExactlyInAnyOrder(
                            "string has another value on the target",
                            "list has another value on the target",
                            "list of others is of the type string on the target",
                            "hash of others is not on the target",
                            "set has another value on the target",
                            "zset has another value on the target",
                            "hash has another value on the target",
                            "stream has another value on the target");
            assertThat(result.different()).isEqualTo(8);
            assertThat(result.keys()).isEqualTo(9);
            assertThat(compared(server.target(), file, LIMITS, Comparison.Depth.EXISTENCE)
                            .differences())
                    .extracting(KeyDifference::key)
                    .containsExactly("hash of others");
        }
    }

    private static byte[] save(RedisServer server) throws IOException {
        try (Jedis jedis = server.jedis()) {
            jedis.save();
            return Files.readAllBytes(Path.of(
                    jedis.configGet("dir").get("dir"),
                    jedis.configGet("dbfilename").get("dbfilename")));
        }
    }

    @Test
    void comparesExpiriesWithTolerance() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        long later = System.currentTimeMillis() + HOUR;
        byte[] file = new RdbFile(MAGIC)
                .expireAt(later)
                .string("same", "1")
                .expireAt(later)
                .string("near", "1")
                .expireAt(later)
                .string("moved", "1")
                .expireAt(later)
                .string("persisted", "1")
                .string("expiring", "1")
                .expireAt(later - 2 * HOUR)
                .string("over", "1")
                .expireAt(Long.MAX_VALUE)
                .string("far", "1")
                .bytes();
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            for (String key : List.of("same", "near", "moved", "persisted", "expiring", "far")) {
                jedis.set(key, "1");
            }
            jedis.pexpireAt("same", later);
            jedis.pexpireAt("near", later + 500);
            jedis.pexpireAt("moved", later + 10_000);
            jedis.pexpireAt("expiring", later);
            jedis.pexpireAt("far", Long.MAX_VALUE / 2);
        }
        ComparisonResult result = compared(server.target(), file);
        assertThat(result.differences())
                .extracting(KeyDifference::key)
                .containsExactly("moved", "persisted", "expiring", "far");
        assertThat(result.keys()).isEqualTo(6);
    }

    @Test
    void comparesLargeValuesByLengthOnly() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        byte[] large = new byte[(int) Comparison.MAX_DUMPED + 1];
        byte[] file = new RdbFile(MAGIC)
                .string("large", large)
                .string("longer", large)
                .string("streamed", new byte[5000])
                .bytes();
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            large[7] = 1;
            jedis.set("large".getBytes(ISO_8859_1), large);
            jedis.set("longer".getBytes(ISO_8859_1), new byte[large.length + 1]);
            jedis.set("streamed".getBytes(ISO_8859_1), new byte[5000]);
        }
        ComparisonResult result = compared(server.target(), file, SMALL_VALUES, Comparison.Depth.VALUE);
        assertThat(result.differences()).extracting(KeyDifference::key).containsExactly("longer");
        assertThat(result.byLength()).isEqualTo(1);
        assertThat(result.keys()).isEqualTo(3);
    }

    @Test
    void saysWhatToPermit() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        byte[] file = new RdbFile(MAGIC).string("k", "1").bytes();
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            jedis.set("k", "1");
            jedis.aclSetUser("comparing", "on", ">Passw0rd", "~*", "+@all", "-dump");
            Target target = Target.parse("redis://comparing:Passw0rd@127.0.0.1:" + server.port());
            assertThat(catchThrowableOfType(DeliveryException.class, () -> compared(target, file)))
                    .hasMessageContaining("does not let this user ask about keys; permit EXISTS")
                    .hasMessageContaining("'dump'")
                    .hasMessageNotContaining("Passw0rd");
            jedis.aclDelUser("comparing");
        }
    }

    @Test
    void asksEachNodeOfACluster() throws Exception {
        byte[] file = new RdbFile(MAGIC).strings("k", 500).bytes();
        try (RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false);
                KeyPipeline pipeline = KeyPipeline.to(cluster.target(), 5000);
                JedisCluster client = new JedisCluster(
                        new HostAndPort("127.0.0.1", cluster.primaries().get(0).port()))) {
            Imports.all(pipeline, Imports.reader(new ByteArrayInputStream(file), LIMITS), ConflictPolicy.REPLACE);
            assertThat(compared(cluster.target(), file).keys()).isEqualTo(500);
            assertThat(compared(cluster.target(), file).different()).isZero();
            client.del("k99");
            client.set("k100", "value of 101");
            assertThat(compared(cluster.target(), file).differences())
                    .extracting(KeyDifference::key)
                    .containsExactlyInAnyOrder("k99", "k100");
        }
    }
}
