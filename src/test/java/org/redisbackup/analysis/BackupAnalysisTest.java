package org.redisbackup.analysis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.Streams;
import redis.clients.jedis.Jedis;

/** What the analysis finds, beside what a reference reader found. */
class BackupAnalysisTest {
    private static final long NOW = 4_102_444_800_000L - 1; // before the expiries of the corpus
    private static final RdbLimits LIMITS = new RdbLimits(64 << 20, 1 << 20, 1 << 20);

    private static BackupAnalysis analyse(Streams portions, byte[] file, RdbLimits limits) throws IOException {
        BackupAnalysis analysis = new BackupAnalysis(NOW, 5);
        try (BatchReader reader = new BatchReader(portions.of(file), limits, 100, 1 << 16, 1)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                analysis.add(batch);
                batch.release();
            }
        }
        return analysis;
    }

    @ParameterizedTest
    @MethodSource("org.redisbackup.support.Corpus#good")
    void countsWhatIsThere(String file) throws IOException {
        JsonNode parsed = Corpus.parsed(file);
        List<Corpus.Truth> truth = Corpus.truth(file);
        for (Streams portions : Streams.values()) {
            BackupReport report = analyse(portions, Corpus.bytes(file), LIMITS).report();
            assertThat(report.total().keys()).isEqualTo(parsed.get("keys").asLong());
            assertThat(report.functions()).isEqualTo(parsed.get("functions").asLong());
            assertThat(keys(report.types())).isEqualTo(numbers(parsed.get("logicalTypes")));
            assertThat(report.databases().values().stream()
                            .mapToLong(KeyCounts::withExpiry)
                            .sum())
                    .isEqualTo(parsed.get("keysWithExpiry").asLong());
            parsed.get("dbs").properties().stream()
                    .filter(db -> db.getValue().get("keys").asLong() > 0)
                    .forEach(db -> {
                        KeyCounts found = report.databases().get(Integer.valueOf(db.getKey()));
                        assertThat(found.keys())
                                .isEqualTo(db.getValue().get("keys").asLong());
                        assertThat(found.withExpiry())
                                .isEqualTo(db.getValue().get("expires").asLong());
                    });
            assertThat(report.total().expired())
                    .isEqualTo(truth.stream()
                            .filter(key -> key.expireAt() != KeyBatch.NO_EXPIRY && key.expireAt() <= NOW)
                            .count());
            assertThat(report.total().bytes())
                    .isEqualTo(
                            truth.stream().mapToLong(BackupAnalysisTest::bytes).sum());
            assertThat(report.largest().stream().map(LargeKey::bytes))
                    .isEqualTo(truth.stream()
                            .map(BackupAnalysisTest::bytes)
                            .sorted(Comparator.reverseOrder())
                            .limit(5)
                            .toList());
        }
    }

    private static long bytes(Corpus.Truth key) {
        return key.keyHex().length() / 2 + key.valueLength();
    }

    private static Map<String, Long> keys(Map<String, KeyCounts> counts) {
        return counts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, count -> count.getValue()
                .keys()));
    }

    private static Map<String, Long> numbers(JsonNode numbers) {
        Map<String, Long> map = new TreeMap<>();
        numbers.properties()
                .forEach(number -> map.put(number.getKey(), number.getValue().asLong()));
        return map;
    }

    @ParameterizedTest
    @MethodSource("org.redisbackup.support.Corpus#good")
    void countsElementsAsTheReferenceDoes(String file) throws IOException {
        List<Corpus.Truth> truth = Corpus.truth(file);
        int known = 0;
        int collections = 0;
        try (BatchReader reader = new BatchReader(Streams.WHOLE.of(Corpus.bytes(file)), LIMITS, 100, 1 << 16, 1)) {
            int next = 0;
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    Corpus.Truth key = truth.get(next++);
                    long elements = ElementCount.of(batch, i);
                    if (batch.type(i) != ValueType.STRING) {
                        collections++;
                        known += elements == ElementCount.UNKNOWN ? 0 : 1;
                        if (elements != ElementCount.UNKNOWN) {
                            assertThat(elements).as(key.toString()).isEqualTo(key.elements());
                        }
                    }
                }
                batch.release();
            }
        }
        assertThat(known).isLessThanOrEqualTo(collections);
        if (file.startsWith("big-redis-8")) {
            assertThat(known).isPositive();
        }
    }

    @Test
    void parts() throws IOException {
        BackupAnalysis one = analyse(Streams.WHOLE, Corpus.bytes("types-redis-7.0.15.rdb"), LIMITS);
        BackupAnalysis two = analyse(Streams.WHOLE, Corpus.bytes("manykeys-redis-7.0.15.rdb"), LIMITS);
        BackupAnalysis three = analyse(Streams.WHOLE, Corpus.bytes("lfu-redis-7.0.15.rdb"), LIMITS);
        BackupReport left = one.plus(two).plus(three).report();
        assertThat(left).isEqualTo(one.plus(two.plus(three)).report());
        assertThat(left.total().keys())
                .isEqualTo(one.report().total().keys()
                        + two.report().total().keys()
                        + three.report().total().keys());
        assertThat(left.largest()).hasSize(5).startsWith(one.report().largest().get(0));
        assertThat(left.slots().keys()).isEqualTo(left.databases().get(0).keys());
        BackupAnalysis nothing = new BackupAnalysis(NOW, 5);
        assertThat(one.plus(nothing).report()).isEqualTo(one.report());
    }

    @Test
    void slotsAreThoseOfACluster() throws IOException {
        assertThat(slot("123456789")).isEqualTo(12739); // the check value of the cluster specification
        assertThat(slot("{user1000}.following")).isEqualTo(slot("user1000"));
        assertThat(slot("foo{}{bar}")).isNotEqualTo(slot("bar"));
        assertThat(slot("foo{{bar}}zap")).isEqualTo(slot("{bar"));
        assertThat(slot("foo{bar}{zap}")).isEqualTo(slot("bar"));
        SlotSpread spread = analyse(Streams.WHOLE, Corpus.bytes("cluster-redis-7.0.15.rdb"), LIMITS)
                .report()
                .slots();
        assertThat(spread.thirds().stream().mapToLong(Long::longValue).sum()).isEqualTo(spread.keys());
        assertThat(spread.keys()).isEqualTo(303);
        SlotSpread tagged = analyse(
                        Streams.WHOLE,
                        new RdbFile("REDIS0010").db(0).strings("{a}", 10).bytes(),
                        LIMITS)
                .report()
                .slots();
        assertThat(tagged).isEqualTo(new SlotSpread(10, 10, 1, 10, slot("a"), List.of(0L, 0L, 10L)));
    }

    private static int slot(String key) {
        byte[] bytes = ("-" + key + "-").getBytes(UTF_8);
        return KeySlot.of(bytes, 1, bytes.length - 2);
    }

    @Test
    void largeValuesAreNotHeld() throws IOException {
        BackupReport report = analyse(
                        Streams.WHOLE,
                        Corpus.bytes("bigstring-1m-raw-redis-8.0.6.rdb"),
                        new RdbLimits(1000, 1000, 1000))
                .report();
        assertThat(report.total().keys()).isEqualTo(2);
        assertThat(report.largest().get(0).bytes()).isGreaterThan(1 << 20);
    }

    @Test
    void memoryIsAboutWhatAServerTakes() throws Exception {
        RdbFile plain = new RdbFile("REDIS0010").db(0);
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        long taken = 0;
        try (Jedis jedis = server.jedis()) {
            for (int i = 0; i < 100; i++) {
                String value = "v".repeat(i * 10);
                plain.string("key:" + i, value);
                jedis.set("key:" + i, value);
                taken += jedis.memoryUsage("key:" + i);
            }
        }
        long estimated =
                analyse(Streams.WHOLE, plain.bytes(), LIMITS).report().total().memory();
        assertThat(estimated).isBetween(taken * 2 / 3, taken * 3 / 2);
    }

    @Test
    void jacksonWritesTheReport() throws IOException {
        BackupReport report = analyse(Streams.WHOLE, Corpus.bytes("types-redis-7.0.15.rdb"), LIMITS)
                .report();
        JsonNode json = new ObjectMapper().valueToTree(report);
        assertThat(json.at("/total/keys").asInt()).isEqualTo(131);
        assertThat(json.at("/databases/0/keys").asInt()).isEqualTo(122);
        assertThat(json.at("/types/stream/keys").asInt()).isEqualTo(8);
        assertThat(json.at("/encodings/hash_listpack/keys").asInt()).isEqualTo(4);
        assertThat(json.at("/largest/0/bytes").asLong())
                .isEqualTo(report.largest().get(0).bytes());
        assertThat(json.at("/slots/thirds")).hasSize(3);
    }
}
