package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.LargeValue;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisCluster;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;
import redis.clients.jedis.util.JedisClusterCRC16;

/** Imports into clusters of three primaries that nothing happens to; one cluster a program for all tests. */
class ClusterImportTest {
    private static final String LIBRARY = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";
    private static final int DIGESTS_AT_ONCE = 500;
    private static final Map<RedisServers.Program, RedisCluster> CLUSTERS = new ConcurrentHashMap<>();

    @AfterAll
    static void closeClusters() {
        CLUSTERS.values().forEach(RedisCluster::close);
    }

    private static RedisCluster cluster(RedisServers.Program program) throws Exception {
        RedisCluster cluster = CLUSTERS.get(program);
        if (cluster == null) {
            cluster = RedisCluster.start(program, false);
            CLUSTERS.put(program, cluster);
        }
        cluster.clear();
        return cluster;
    }

    private static KeyPipeline pipeline(RedisCluster cluster) {
        return KeyPipeline.to(cluster.target(), 5000);
    }

    /** By key, as Latin-1: the digest of the value; of the keys that the node itself holds in database 0. */
    private static Map<String, String> digests(RedisServer server) {
        Map<String, String> digests = new TreeMap<>();
        try (Jedis jedis = server.jedis()) {
            List<byte[]> keys = new ArrayList<>(jedis.keys("*".getBytes(StandardCharsets.US_ASCII)));
            for (int from = 0; from < keys.size(); from += DIGESTS_AT_ONCE) {
                List<byte[]> some = keys.subList(from, Math.min(keys.size(), from + DIGESTS_AT_ONCE));
                List<byte[]> words = new ArrayList<>(some);
                words.add(0, "DIGEST-VALUE".getBytes(StandardCharsets.US_ASCII));
                List<?> answers = (List<?>) jedis.sendCommand(
                        () -> "DEBUG".getBytes(StandardCharsets.US_ASCII), words.toArray(byte[][]::new));
                for (int i = 0; i < some.size(); i++) {
                    String digest = new String((byte[]) answers.get(i), StandardCharsets.US_ASCII);
                    digests.put(new String(some.get(i), StandardCharsets.ISO_8859_1), digest);
                }
            }
        }
        return digests;
    }

    /** As {@link #digests(RedisServer)}; every key must be where its slot is served. */
    private static Map<String, String> digests(RedisCluster cluster) {
        Map<String, String> all = new TreeMap<>();
        for (RedisServer node : cluster.primaries()) {
            Map<String, String> some = digests(node);
            assertThat(some.keySet())
                    .as("keys of %s", node.target())
                    .allMatch(key ->
                            cluster.serves(node, JedisClusterCRC16.getSlot(key.getBytes(StandardCharsets.ISO_8859_1))));
            some.forEach((key, digest) ->
                    assertThat(all.put(key, digest)).as("another %s", key).isNull());
        }
        return all;
    }

    private static RestoreResult importFile(KeyPipeline pipeline, String file) throws Exception {
        return Imports.all(
                pipeline, Imports.reader(new ByteArrayInputStream(Corpus.bytes(file)), LIMITS), ConflictPolicy.FAIL);
    }

    /** The temporary key of a value lies in the slot of its key, whatever braces the key has. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void rebuildsValuesOnTheRightNodes(RedisServers.Program program) throws Exception {
        RedisCluster cluster = cluster(program);
        List<String> keys =
                List.of("", "plain", "{tag}key", "key{tag}", "{}key", "a{b", "a}b", "}{", "{{x}}", "{x}{y}", "{", "}");
        RdbFile file = new RdbFile(MAGIC);
        for (String key : keys) {
            file.record(2, key).raw((byte) 2).text(new byte[] {'x'}).text(new byte[] {'y'});
        }
        try (KeyPipeline pipeline = pipeline(cluster)) {
            for (boolean again : new boolean[] {false, true}) {
                RestoreResult result = Imports.all(
                        pipeline, Imports.reader(file.open(), LIMITS), Imports.rebuilding(ConflictPolicy.REPLACE));
                assertThat(result.failures()).isEmpty();
                assertThat(again ? result.replaced() : result.imported()).isEqualTo(keys.size());
                assertThat(digests(cluster).keySet()).containsExactlyInAnyOrderElementsOf(keys);
            }
            cluster.clear();
            RestoreResult streamed = Imports.all(
                    pipeline,
                    Imports.reader(LargeValue.hash(20_000), LIMITS.withMaxBufferedValue(10_000)),
                    ConflictPolicy.SKIP);
            assertThat(streamed.imported()).isEqualTo(3);
            assertThat(digests(cluster).keySet()).containsExactlyInAnyOrder("before", LargeValue.KEY, "after");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void bringsTheCorpusToTheRightNodes(RedisServers.Program program) throws Exception {
        List<String> files = Corpus.good().toList();
        RedisServer single = RedisServers.shared(program);
        RedisCluster cluster = cluster(program);
        try (KeyPipeline toCluster = pipeline(cluster);
                KeyPipeline toSingle = Imports.pipeline(single)) {
            for (String file : files) {
                RestoreResult expected = importFile(toSingle, file);
                RestoreResult result = importFile(toCluster, file);
                assertThat(result.keys()).as(file).isEqualTo(expected.keys());
                assertThat(result.expired()).as(file).isEqualTo(expected.expired());
                assertThat(result.unsupported()).as(file).isEqualTo(expected.unsupported());
                assertThat(result.functions()).as(file).isEqualTo(expected.functions());
                assertThat(result.failures())
                        .filteredOn(failure -> failure.outcome() == KeyOutcome.FAILED)
                        .allSatisfy(failure -> assertThat(failure.db()).isPositive());
                if (!file.startsWith("expired-")) { // there hashes end soon after they came, at their own time
                    Map<String, String> values = digests(cluster);
                    assertThat(values).as(file).isEqualTo(digests(single));
                    assertThat(result.imported()).as(file).isEqualTo(values.size());
                }
                RedisServers.shared(program); // empties it
                cluster.clear();
            }
        }
        assertThat(files).hasSizeGreaterThan(50);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void loadsFunctionsOnEveryPrimary(RedisServers.Program program) throws Exception {
        RedisCluster cluster = cluster(program);
        RdbFile file = new RdbFile(MAGIC).function(LIBRARY).strings("key", 10);
        try (KeyPipeline pipeline = pipeline(cluster)) {
            assertThat(Imports.all(pipeline, file, ConflictPolicy.FAIL).functions())
                    .isEqualTo(1);
            for (RedisServer node : cluster.primaries()) {
                try (Jedis jedis = node.jedis()) {
                    assertThat(jedis.functionList()).hasSize(1);
                }
            }
            assertThat(Imports.all(pipeline, file, ConflictPolicy.SKIP).functions())
                    .isZero();
            assertThat(Imports.all(pipeline, file, ConflictPolicy.REPLACE).functions())
                    .isEqualTo(1);
            RestoreResult failed = Imports.all(pipeline, file, ConflictPolicy.FAIL);
            assertThat(failed.failedFunctions()).isEqualTo(1);
            assertThat(failed.failures().get(0).reason()).contains("refused the library", "already exists");
            assertThat(failed.failed()).isEqualTo(10);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void countsKeysOfOtherDatabasesAsFailed(RedisServers.Program program) throws Exception {
        RedisCluster cluster = cluster(program);
        try (KeyPipeline pipeline = pipeline(cluster)) {
            RestoreResult result = Imports.all(
                    pipeline, new RdbFile(MAGIC).strings("a", 3000).db(3).strings("b", 2000), ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(3000);
            assertThat(result.failed()).isEqualTo(2000);
            assertThat(result.failures().get(0).reason())
                    .startsWith("database 3 does not exist on the cluster, which has database 0 (");
            assertThat(digests(cluster)).hasSize(3000);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void keepsToTheConflictPolicies(RedisServers.Program program) throws Exception {
        RedisCluster cluster = cluster(program);
        RdbFile some = new RdbFile(MAGIC).strings("key", 1000);
        RdbFile more = new RdbFile(MAGIC).strings("key", 3000);
        try (KeyPipeline pipeline = pipeline(cluster)) {
            Imports.all(pipeline, some, ConflictPolicy.REPLACE);
            RestoreResult failed = Imports.all(pipeline, some, ConflictPolicy.FAIL);
            assertThat(failed.failed()).isEqualTo(1000);
            assertThat(failed.failures().get(0).reason()).isEqualTo("the key exists on the target");
            RestoreResult skipped = Imports.all(pipeline, more, ConflictPolicy.SKIP);
            assertThat(skipped.skipped()).isEqualTo(1000);
            assertThat(skipped.imported()).isEqualTo(2000);
            assertThat(Imports.all(pipeline, more, ConflictPolicy.REPLACE).replaced())
                    .isEqualTo(3000);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void streamsLargeValues(RedisServers.Program program) throws Exception {
        RedisCluster cluster = cluster(program);
        RdbFile file = new RdbFile(MAGIC);
        for (int i = 0; i < 12; i++) {
            file.strings("key" + i + "-", 100).string("large" + i, new byte[3 << 20]);
        }
        try (KeyPipeline pipeline = pipeline(cluster)) {
            RestoreResult result = Imports.all(
                    pipeline,
                    Imports.reader(file.open(), new RdbLimits(1 << 20, 1 << 20, 1 << 20)),
                    ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(1212);
            assertThat(digests(cluster)).hasSize(1212);
        }
    }

    @Test
    void waitsForNoAnswerWhenItIsBrokenOff() throws Exception {
        RedisCluster cluster = cluster(RedisServers.embedded());
        try (Jedis jedis = cluster.primaries().get(1).jedis();
                KeyPipeline pipeline = pipeline(cluster);
                var reader =
                        Imports.reader(new RdbFile(MAGIC).strings("key", 900).open(), LIMITS)) {
            jedis.clientPause(600_000, ClientPauseMode.WRITE);
            try {
                var result = pipeline.deliver(reader.next(), ConflictPolicy.REPLACE);
                Conditions.await(() -> jedis.clientList().contains(" name=redis-backup-import "));
                pipeline.breakOff("nobody wants it any more");
                DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> Imports.await(result));
                assertThat(failure).hasMessage("nobody wants it any more");
                assertThat(failure.result().keys()).isEqualTo(900);
            } finally {
                jedis.clientUnpause();
            }
        }
    }

    @Test
    void needsOneSeedThatLives() throws Exception {
        RedisCluster cluster = cluster(RedisServers.embedded());
        Target target = cluster.target();
        Target withDeadSeeds = new Target(
                TargetMode.CLUSTER,
                List.of(new Address("127.0.0.1", 1), target.addresses().get(0), new Address("127.0.0.1", 2)),
                null,
                null,
                null,
                null);
        try (KeyPipeline pipeline = KeyPipeline.to(withDeadSeeds, 5000)) {
            RdbFile file = new RdbFile(MAGIC).strings("key", 3000);
            assertThat(Imports.all(pipeline, file, ConflictPolicy.FAIL).imported())
                    .isEqualTo(3000);
        }
    }

    @Test
    void saysWhatIsWrongWithTheTarget() throws Exception {
        RdbFile file = new RdbFile(MAGIC).strings("key", 10);
        RedisServer single = RedisServers.shared(RedisServers.embedded());
        RedisCluster cluster = cluster(RedisServers.embedded());
        String node = cluster.target().address();
        Map<Target, String> sentences = Map.of(
                Target.parse("redis://127.0.0.1:" + single.port(), TargetMode.CLUSTER, null),
                "127.0.0.1:" + single.port() + " is no node of a cluster; import with the mode standalone",
                Target.parse("redis://" + node, TargetMode.STANDALONE, null),
                node + " is a node of a cluster; import with the mode cluster",
                Target.parse("redis://:secret@" + node, TargetMode.CLUSTER, null),
                node + " has no password for this user, but one was given; leave it out",
                Target.parse("redis://127.0.0.1:1", TargetMode.CLUSTER, null),
                "Nothing accepts connections at 127.0.0.1:1");
        for (Map.Entry<Target, String> each : sentences.entrySet()) {
            try (KeyPipeline pipeline = KeyPipeline.to(each.getKey(), 5000)) {
                DeliveryException failure = catchThrowableOfType(
                        DeliveryException.class, () -> Imports.all(pipeline, file, ConflictPolicy.FAIL));
                assertThat(failure).hasMessageStartingWith(each.getValue());
                assertThat(failure.result().failed()).isEqualTo(10);
            }
        }
    }
}
