package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.support.LargeValue;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Collections that are larger than what is held of a value: they come by commands, as they are read. */
class LargeValueTest {
    private static final RdbLimits SMALL = LIMITS.withMaxBufferedValue(64 * 1024);
    private static final long FIELDS = 100_000;

    private static RestoreResult importHash(RedisServer server, InputStream file, ConflictPolicy policy)
            throws IOException {
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            return Imports.all(pipeline, Imports.reader(file, SMALL), policy);
        }
    }

    private static void assertNothingIsLeft(Jedis jedis) {
        assertThat(jedis.keys(TemporaryKey.PREFIX + "*")).isEmpty();
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void followsTheConflictPolicy(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            for (ConflictPolicy policy : ConflictPolicy.values()) {
                jedis.flushAll();
                assertThat(importHash(server, LargeValue.hash(FIELDS), policy).counts())
                        .isEqualTo(new OutcomeCounts(3, 0, 0, 0, 0, 0, 0, 0));
                assertThat(jedis.hlen(LargeValue.KEY)).isEqualTo(FIELDS);
                assertThat(jedis.hget(LargeValue.KEY, LargeValue.field(FIELDS - 1)))
                        .hasSize(80);
                assertThat(jedis.ttl(LargeValue.KEY)).isEqualTo(-1);
                jedis.flushAll();
                jedis.set(LargeValue.KEY, "mine");
                RestoreResult result = importHash(server, LargeValue.hash(FIELDS), policy);
                assertThat(result.imported()).isEqualTo(2);
                assertThat(result.replaced()).isEqualTo(policy == ConflictPolicy.REPLACE ? 1 : 0);
                assertThat(result.skipped()).isEqualTo(policy == ConflictPolicy.SKIP ? 1 : 0);
                assertThat(result.failed()).isEqualTo(policy == ConflictPolicy.FAIL ? 1 : 0);
                assertThat(jedis.type(LargeValue.KEY)).isEqualTo(policy == ConflictPolicy.REPLACE ? "hash" : "string");
                assertNothingIsLeft(jedis);
            }
        }
    }

    /** A process with a heap of 64 MB imports a hash of 300 MB; who looks sees all of it or nothing. */
    @Test
    void isLargerThanTheHeap() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        long fields = 3_000_000;
        Process importer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeValueImport.class.getName(),
                        String.valueOf(server.port()),
                        "hash",
                        String.valueOf(fields))
                .redirectErrorStream(true)
                .start();
        try (Jedis jedis = server.jedis()) {
            Set<Long> seen = new TreeSet<>();
            while (importer.isAlive()) {
                seen.add(jedis.hlen(LargeValue.KEY));
            }
            String said = new String(importer.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(importer.exitValue()).as(said).isZero();
            seen.add(jedis.hlen(LargeValue.KEY));
            assertThat(seen).as(said).containsExactly(0L, fields);
            assertNothingIsLeft(jedis);
        } finally {
            importer.destroyForcibly();
            RedisServers.shared(RedisServers.embedded());
        }
    }

    /** Ends with a failure after some bytes. */
    private static InputStream broken(InputStream in, long breaksAt) {
        return new FilterInputStream(in) {
            private long rest = breaksAt;

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (rest == 0) {
                    throw new IOException("the bucket is gone");
                }
                int count = super.read(target, offset, (int) Math.min(length, rest));
                rest -= Math.max(0, count);
                return count;
            }
        };
    }

    private record Ended(RestoreResult result, Throwable failure) {}

    /** Imports as the routes do: what was read before the file failed is delivered. */
    private static Ended importFile(RestorePipeline pipeline, InputStream file, RdbLimits limits) throws IOException {
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        Throwable failure;
        try (BatchReader reader = Imports.reader(file, limits)) {
            failure = catchThrowable(() -> {
                while (reader.hasNext()) {
                    results.add(pipeline.deliver(reader.next(), ConflictPolicy.REPLACE));
                }
            });
            RestoreResult sum = RestoreResult.NONE;
            for (CompletableFuture<RestoreResult> result : results) {
                sum = sum.plus(Imports.await(result));
            }
            return new Ended(sum, failure);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void leavesNothingWhenTheBackupBreaksOff(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (RestorePipeline pipeline = Imports.pipeline(server);
                Jedis jedis = server.jedis()) {
            Ended ended = importFile(pipeline, broken(LargeValue.hash(FIELDS), 5_000_000), SMALL);
            assertThat(ended.failure())
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("the bucket is gone");
            assertThat(ended.result().imported()).isEqualTo(1);
            assertThat(ended.result().failed()).isEqualTo(1);
            assertThat(ended.result().failures().get(0).reason()).contains("the bucket is gone");
            assertThat(jedis.keys("*")).containsExactly("before");
            assertThat(Imports.all(pipeline, new RdbFile(MAGIC).strings("other", 10), ConflictPolicy.REPLACE)
                            .imported())
                    .isEqualTo(10);
        }
    }

    /** A sorted set whose last score is not a number. */
    private static InputStream malformed() {
        RdbFile file =
                new RdbFile(MAGIC).string("before", "1").record(5, "broken").raw((byte) 0x80, (byte) 0);
        int members = 10_000;
        file.raw((byte) 0, (byte) (members >> 8), (byte) members);
        for (int i = 0; i < members; i++) {
            file.text(("member" + i).getBytes(StandardCharsets.US_ASCII));
            file.raw(i < members - 1 ? new byte[8] : new byte[] {0, 0, 0, 0, 0, 0, (byte) 0xf8, 0x7f});
        }
        return file.string("after", "1").open();
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void isRefusedWhenItIsMalformed(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (RestorePipeline pipeline = Imports.pipeline(server);
                Jedis jedis = server.jedis()) {
            Ended ended = importFile(pipeline, malformed(), SMALL);
            assertThat(ended.failure())
                    .hasCauseInstanceOf(RdbFormatException.class)
                    .hasMessageContaining("the value of the key broken is broken: a score is not a number");
            assertThat(ended.result().failed()).isEqualTo(1);
            assertThat(jedis.keys("*")).containsExactly("before");
            ended = importFile(pipeline, malformed(), SMALL.withValidation(ValidationPolicy.SKIP));
            assertThat(ended.failure()).isNull();
            assertThat(ended.result().counts()).isEqualTo(new OutcomeCounts(1, 1, 0, 0, 0, 0, 0, 1));
            assertThat(ended.result().failures().get(0).reason())
                    .startsWith("the value is broken: a score is not a number");
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("before", "after");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void leavesNothingOnAFullTarget(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--maxmemory", "8mb");
                Jedis jedis = server.jedis()) {
            Throwable failure =
                    catchThrowable(() -> importHash(server, LargeValue.hash(FIELDS), ConflictPolicy.REPLACE));
            assertThat(failure).isInstanceOf(DeliveryException.class).hasMessageContaining("OOM");
            assertThat(((DeliveryException) failure).result().failed()).isEqualTo(1);
            assertThat(jedis.exists(LargeValue.KEY)).isFalse();
            assertNothingIsLeft(jedis);
        }
    }

    /** A volatile policy evicts what ends at some time, as an incomplete value does. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void isNotTakenForWholeWhenTheTargetEvictsIt(RedisServers.Program program) throws Exception {
        try (RedisServer server =
                        RedisServer.start(program, "--maxmemory", "8mb", "--maxmemory-policy", "volatile-ttl");
                Jedis jedis = server.jedis()) {
            Throwable failure = catchThrowable(() -> {
                RestoreResult result = importHash(server, LargeValue.hash(FIELDS), ConflictPolicy.REPLACE);
                assertThat(result.failed()).isEqualTo(1);
            });
            assertThat(failure == null || failure instanceof DeliveryException).isTrue();
            assertThat(jedis.exists(LargeValue.KEY)).isFalse();
            assertNothingIsLeft(jedis);
        }
    }

    @Test
    void hasElementsThatFitIntoMemory() throws Exception {
        try (RedisServer server = RedisServer.start(RedisServers.embedded(), "--proto-max-bulk-len", "1mb")) {
            RdbFile file = new RdbFile(MAGIC).string("before", "1");
            file.record(2, "set").raw((byte) 2).text(new byte[(1 << 20) + 1]).text(new byte[1]);
            file.string("after", "1");
            RestoreResult result = importHash(server, file.open(), ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(2);
            assertThat(result.failed()).isEqualTo(1);
            assertThat(result.failures().get(0).reason()).contains("one element takes 1048577 bytes", "1048576");
        }
    }
}
