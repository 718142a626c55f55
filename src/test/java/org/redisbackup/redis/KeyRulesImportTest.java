package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.redis.rules.DatabaseMap;
import org.redisbackup.redis.rules.KeyPattern;
import org.redisbackup.redis.rules.KeyRenaming;
import org.redisbackup.redis.rules.KeyRules;
import org.redisbackup.redis.rules.KeySelection;
import org.redisbackup.redis.rules.TtlPolicy;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisCluster;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisCluster;

/** Keys that are selected and changed on their way, by every way that they can take. */
class KeyRulesImportTest {
    private static final long NOW = System.currentTimeMillis();
    private static final long HOUR = 3_600_000;
    private static final RdbLimits SMALL_VALUES = new RdbLimits(16 << 20, 1000, 1 << 20);

    private final RedisServer server = RedisServers.shared(RedisServers.embedded());

    private static KeyRules select(KeySelection include, KeySelection exclude) {
        return new KeyRules(include, exclude, KeyRenaming.NONE, DatabaseMap.SAME, TtlPolicy.KEEP);
    }

    private static KeyRules rename(String strip, String add) {
        return new KeyRules(KeySelection.ALL, null, new KeyRenaming(strip, add), DatabaseMap.SAME, TtlPolicy.KEEP);
    }

    private static KeyRules into(DatabaseMap databases) {
        return new KeyRules(KeySelection.ALL, null, KeyRenaming.NONE, databases, TtlPolicy.KEEP);
    }

    private static KeyRules expiry(TtlPolicy.Mode mode, boolean revive, long floor, long jitter) {
        return new KeyRules(
                KeySelection.ALL, null, KeyRenaming.NONE, DatabaseMap.SAME, new TtlPolicy(mode, revive, floor, jitter));
    }

    private static KeySelection keys(String... patterns) {
        return new KeySelection(
                List.of(patterns).stream().map(KeyPattern::parse).toList(), Set.of(), Set.of());
    }

    private RestoreResult imported(byte[] file, KeyRules rules, ConflictPolicy policy) throws IOException {
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            return imported(pipeline, file, LIMITS, rules, policy);
        }
    }

    private static RestoreResult imported(
            KeyPipeline pipeline, byte[] file, RdbLimits limits, KeyRules rules, ConflictPolicy policy)
            throws IOException {
        return imported(pipeline, file, limits, rules, DeliveryRules.of(policy));
    }

    private static RestoreResult imported(
            KeyPipeline pipeline, byte[] file, RdbLimits limits, KeyRules rules, DeliveryRules delivery)
            throws IOException {
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        try (BatchReader reader = Imports.reader(new ByteArrayInputStream(file), limits)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                rules.apply(batch, NOW);
                results.add(pipeline.deliver(batch, delivery));
            }
            RestoreResult sum = RestoreResult.NONE;
            for (CompletableFuture<RestoreResult> result : results) {
                sum = sum.plus(Imports.await(result));
            }
            return sum;
        }
    }

    @ParameterizedTest
    @EnumSource
    void selectsByNameTypeAndDatabase(ConflictPolicy policy) throws Exception {
        byte[] file = new RdbFile(MAGIC)
                .strings("user:", 100)
                .strings("session:", 50)
                .record(1, "user:list")
                .raw((byte) 1)
                .text("element".getBytes(ISO_8859_1))
                .db(3)
                .strings("user:", 10)
                .bytes();
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            jedis.set("session:7", "there before");
            KeySelection strings = new KeySelection(List.of(KeyPattern.parse("user:*")), Set.of("string"), Set.of(0));
            RestoreResult result = imported(file, select(strings, keys("/user:[0-4]/")), policy);
            assertThat(result.counts()).isEqualTo(new OutcomeCounts(95, 0, 0, 0, 66, 0, 0, 0));
            assertThat(result.keys()).isEqualTo(161);
            assertThat(result.byDatabase().get(3)).isEqualTo(OutcomeCounts.of(KeyOutcome.FILTERED, 10));
            assertThat(result.byType().get("list")).isEqualTo(OutcomeCounts.of(KeyOutcome.FILTERED, 1));
            assertThat(jedis.dbSize()).isEqualTo(96);
            assertThat(jedis.get("session:7")).isEqualTo("there before");
            assertThat(jedis.exists("user:4")).isFalse();
            assertThat(jedis.get("user:5")).isEqualTo("value of 5");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void renamesValuesOfEveryType(RedisServers.Program program) throws Exception {
        byte[] file =
                Corpus.bytes(program.name().equals("valkey") ? "types-valkey-9.1.2.rdb" : "types-redis-7.0.15.rdb");
        RedisServer target = RedisServers.shared(program);
        try (Jedis jedis = target.jedis();
                RestorePipeline pipeline = Imports.pipeline(target)) {
            jedis.flushAll();
            imported(pipeline, file, LIMITS, KeyRules.NONE, ConflictPolicy.REPLACE);
            Map<String, String> plain = digests(jedis, "");
            jedis.flushAll();
            RestoreResult result = imported(pipeline, file, LIMITS, rename("", "copy:"), ConflictPolicy.FAIL);
            assertThat(result.failed()).isZero();
            assertThat(digests(jedis, "copy:")).isEqualTo(plain);
        }
    }

    /** Of the values of database 0, by their keys without the prefix, as Latin-1. */
    private static Map<String, String> digests(Jedis jedis, String prefix) {
        Map<String, String> digests = new TreeMap<>();
        for (byte[] key : jedis.keys("*".getBytes(ISO_8859_1))) {
            String name = new String(key, ISO_8859_1);
            assertThat(name).startsWith(prefix);
            List<?> answer = (List<?>)
                    jedis.sendCommand(() -> "DEBUG".getBytes(ISO_8859_1), "DIGEST-VALUE".getBytes(ISO_8859_1), key);
            digests.put(name.substring(prefix.length()), new String((byte[]) answer.get(0), ISO_8859_1));
        }
        return digests;
    }

    @Test
    void renamesAStreamedValue() throws Exception {
        byte[] large = new byte[3_000_000];
        byte[] file = new RdbFile(MAGIC)
                .string("a:small", "1")
                .string("a:large", large)
                .string("b", "2")
                .bytes();
        try (Jedis jedis = server.jedis();
                RestorePipeline pipeline = Imports.pipeline(server)) {
            jedis.flushAll();
            RestoreResult result =
                    imported(pipeline, file, SMALL_VALUES, rename("a:", "longer prefix:"), ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(3);
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("longer prefix:small", "longer prefix:large", "b");
            assertThat(jedis.strlen("longer prefix:large")).isEqualTo(large.length);
        }
    }

    @Test
    void doesNotSendAStreamedValueThatIsFiltered() throws Exception {
        byte[] file = new RdbFile(MAGIC)
                .string("large", new byte[3_000_000])
                .string("b", "2")
                .bytes();
        try (Jedis jedis = server.jedis();
                RestorePipeline pipeline = Imports.pipeline(server)) {
            jedis.flushAll();
            RestoreResult result =
                    imported(pipeline, file, SMALL_VALUES, select(keys("b"), null), ConflictPolicy.REPLACE);
            assertThat(result.counts()).isEqualTo(new OutcomeCounts(1, 0, 0, 0, 1, 0, 0, 0));
            assertThat(jedis.keys("*")).containsExactly("b");
        }
    }

    /** Two keys of the backup become one of the target: the second finds the first one there. */
    @ParameterizedTest
    @EnumSource
    void countsKeysThatFallTogether(ConflictPolicy policy) throws Exception {
        byte[] file = new RdbFile(MAGIC).strings("k", 40).db(5).strings("k", 30).bytes();
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            RestoreResult result = imported(file, into(DatabaseMap.allInto(2)), policy);
            assertThat(result.imported()).isEqualTo(40);
            assertThat(result.keys()).isEqualTo(70);
            long together =
                    switch (policy) {
                        case REPLACE -> result.replaced();
                        case SKIP -> result.skipped();
                        case FAIL -> result.failed();
                    };
            assertThat(together).isEqualTo(30);
            assertThat(result.byDatabase()).containsOnlyKeys(0, 5);
            assertThat(jedis.dbSize()).isZero();
            jedis.select(2);
            assertThat(jedis.dbSize()).isEqualTo(40);
        }
    }

    @ParameterizedTest
    @EnumSource
    void rebuildsUnderNewNames(ConflictPolicy policy) throws Exception {
        byte[] file = new RdbFile(MAGIC)
                .strings("k", 20)
                .record(1, "list")
                .raw((byte) 1)
                .text("element".getBytes(ISO_8859_1))
                .db(3)
                .strings("k", 10)
                .strings("x", 5)
                .bytes();
        KeyRules rules = new KeyRules(
                KeySelection.ALL, keys("x*"), new KeyRenaming("k", "n:"), DatabaseMap.allInto(0), TtlPolicy.KEEP);
        DeliveryRules byCommands = new DeliveryRules(policy, true, DeliveryRules.MAX_RESTORE_BYTES, LossPolicy.KEEP);
        try (Jedis jedis = server.jedis();
                RestorePipeline pipeline = Imports.pipeline(server)) {
            jedis.flushAll();
            RestoreResult result = imported(pipeline, file, LIMITS, rules, byCommands);
            long together =
                    switch (policy) {
                        case REPLACE -> result.replaced();
                        case SKIP -> result.skipped();
                        case FAIL -> result.failed();
                    };
            assertThat(together).isEqualTo(10);
            assertThat(result.imported()).isEqualTo(21);
            assertThat(result.filtered()).isEqualTo(5);
            assertThat(result.keys()).isEqualTo(36);
            assertThat(jedis.dbSize()).isEqualTo(21);
            assertThat(jedis.get("n:19")).isEqualTo("value of 19");
            assertThat(jedis.lrange("list", 0, -1)).containsExactly("element");
        }
    }

    /** Whose length nobody knows before it was read. */
    @Test
    void filtersOrRenamesALargeCollection() throws Exception {
        int elements = 5000;
        RdbFile list =
                new RdbFile(MAGIC).string("before", "1").record(1, "list").raw((byte) 0x53, (byte) 0x88);
        for (int i = 0; i < elements; i++) {
            list.text(("element " + i).getBytes(ISO_8859_1));
        }
        byte[] file = list.string("after", "2").bytes();
        try (Jedis jedis = server.jedis();
                RestorePipeline pipeline = Imports.pipeline(server)) {
            jedis.flushAll();
            RestoreResult result =
                    imported(pipeline, file, SMALL_VALUES, select(keys("*e*r*"), null), ConflictPolicy.REPLACE);
            assertThat(result.counts()).isEqualTo(new OutcomeCounts(2, 0, 0, 0, 1, 0, 0, 0));
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("before", "after");
            result = imported(pipeline, file, SMALL_VALUES, rename("", "x:"), ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(3);
            assertThat(jedis.llen("x:list")).isEqualTo(elements);
        }
    }

    /** As a damaged file has them; whatever the policy, only one of them is new. */
    @ParameterizedTest
    @EnumSource
    void countsKeysThatTheBackupHasTwice(ConflictPolicy policy) throws Exception {
        byte[] file = new RdbFile(MAGIC)
                .strings("k", 10)
                .string("twice", "1")
                .strings("l", 10)
                .string("twice", "2")
                .bytes();
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            RestoreResult result = imported(file, KeyRules.NONE, policy);
            assertThat(result.imported()).isEqualTo(21);
            assertThat(result.keys()).isEqualTo(22);
            assertThat(jedis.get("twice")).isEqualTo(policy == ConflictPolicy.REPLACE ? "2" : "1");
        }
    }

    @Test
    void keysFallTogetherByTheirNewNames() throws Exception {
        byte[] file = new RdbFile(MAGIC).string("a:x", "1").string("x", "2").bytes();
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            RestoreResult result = imported(file, rename("a:", ""), ConflictPolicy.SKIP);
            assertThat(result.counts()).isEqualTo(new OutcomeCounts(1, 0, 1, 0, 0, 0, 0, 0));
            assertThat(jedis.get("x")).isEqualTo("1");
        }
    }

    @Test
    void namesFailuresAsTheBackupDoes() throws Exception {
        byte[] file = new RdbFile(MAGIC).db(1).string("a:x", "1").bytes();
        KeyRules rules = new KeyRules(
                KeySelection.ALL,
                null,
                new KeyRenaming("a:", "b:"),
                new DatabaseMap(Map.of(1, 9999), null),
                TtlPolicy.KEEP);
        RestoreResult result = imported(file, rules, ConflictPolicy.REPLACE);
        assertThat(result.failed()).isEqualTo(1);
        KeyFailure failure = result.failures().get(0);
        assertThat(failure.key()).isEqualTo("a:x");
        assertThat(failure.db()).isEqualTo(1);
        assertThat(failure.reason()).contains("database 9999");
    }

    private static byte[] expiring(long written) {
        return new RdbFile(MAGIC)
                .field("ctime", Long.toString(written / 1000))
                .expireAt(written + 10 * HOUR)
                .string("later", "1")
                .expireAt(written + HOUR)
                .record(1, "sooner")
                .raw((byte) 1)
                .text("element".getBytes(ISO_8859_1))
                .string("never", "1")
                .bytes();
    }

    @Test
    void shiftsExpiriesByTheAgeOfTheBackup() throws Exception {
        long written = (NOW - 5 * HOUR) / 1000 * 1000;
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            RestoreResult result =
                    imported(expiring(written), expiry(TtlPolicy.Mode.SHIFT, false, 0, 0), ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(3);
            assertThat(jedis.pexpireTime("later")).isEqualTo(NOW + 10 * HOUR);
            assertThat(jedis.pexpireTime("sooner")).isEqualTo(NOW + HOUR);
            assertThat(jedis.pexpireTime("never")).isEqualTo(-1);
        }
    }

    @Test
    void persistsOrRevives() throws Exception {
        long written = NOW - 5 * HOUR;
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            KeyRules persist = expiry(TtlPolicy.Mode.PERSIST, false, 0, 0);
            RestoreResult result = imported(expiring(written), persist, ConflictPolicy.REPLACE);
            assertThat(result.counts()).isEqualTo(new OutcomeCounts(2, 0, 0, 1, 0, 0, 0, 0));
            assertThat(jedis.pexpireTime("later")).isEqualTo(-1);
            KeyRules floor = expiry(TtlPolicy.Mode.KEEP, true, 2 * HOUR, 0);
            result = imported(expiring(written), floor, ConflictPolicy.REPLACE);
            assertThat(result.counts()).isEqualTo(new OutcomeCounts(1, 2, 0, 0, 0, 0, 0, 0));
            assertThat(jedis.pexpireTime("sooner")).isEqualTo(NOW + 2 * HOUR);
            assertThat(jedis.pexpireTime("later")).isEqualTo(written + 10 * HOUR);
        }
    }

    @Test
    void foldsDatabasesIntoACluster() throws Exception {
        byte[] file = new RdbFile(MAGIC)
                .strings("k", 500)
                .db(7)
                .strings("k", 100)
                .strings("x:", 300)
                .bytes();
        KeyRules rules = new KeyRules(
                KeySelection.ALL, keys("x:1*"), new KeyRenaming("x:", "y:"), DatabaseMap.allInto(0), TtlPolicy.KEEP);
        try (RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false);
                KeyPipeline pipeline = KeyPipeline.to(cluster.target(), 5000);
                JedisCluster client = new JedisCluster(
                        new HostAndPort("127.0.0.1", cluster.primaries().get(0).port()))) {
            RestoreResult result = imported(pipeline, file, LIMITS, rules, ConflictPolicy.SKIP);
            assertThat(result.counts()).isEqualTo(new OutcomeCounts(689, 0, 100, 0, 111, 0, 0, 0));
            assertThat(client.get("k99")).isEqualTo("value of 99");
            assertThat(client.get("y:299")).isEqualTo("value of 299");
            assertThat(client.exists("x:299")).isFalse();
        }
    }
}
