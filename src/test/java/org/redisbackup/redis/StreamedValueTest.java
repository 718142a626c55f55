package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class StreamedValueTest {
    private static final RdbLimits SMALL = LIMITS.withMaxBufferedValue(64 * 1024);
    private static final long YEAR_2100 = 4_102_444_800_000L;
    private static final byte[] LARGE = large(20_000_000);

    private static byte[] large(int size) {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static RdbFile file() {
        return new RdbFile(MAGIC)
                .strings("before", 100)
                .db(2)
                .expireAt(YEAR_2100)
                .string("large", LARGE)
                .strings("after", 100);
    }

    private static RestoreResult importFile(RedisServer server, RdbFile file, ConflictPolicy policy) throws Exception {
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            return Imports.all(pipeline, Imports.reader(file.open(), SMALL), policy);
        }
    }

    private static byte[] get(RedisServer server, int db, String key) {
        try (Jedis jedis = server.jedis()) {
            jedis.select(db);
            return jedis.get(key.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void set(RedisServer server, int db, String key) {
        try (Jedis jedis = server.jedis()) {
            jedis.select(db);
            jedis.set(key, "mine");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void arrivesWhole(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RestoreResult result = importFile(server, file(), ConflictPolicy.REPLACE);
        assertThat(result.imported()).isEqualTo(201);
        assertThat(result.keys()).isEqualTo(201);
        assertThat(result.bytes()).isGreaterThan(20_000_000);
        assertThat(get(server, 2, "large")).isEqualTo(LARGE);
        try (Jedis jedis = server.jedis()) {
            jedis.select(2);
            assertThat(jedis.pexpireTime("large")).isEqualTo(YEAR_2100);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void followsTheConflictPolicy(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        set(server, 2, "large");
        RestoreResult skipped = importFile(server, file(), ConflictPolicy.SKIP);
        assertThat(skipped.skipped()).isEqualTo(1);
        assertThat(skipped.imported()).isEqualTo(200);
        RestoreResult failed = importFile(server, file(), ConflictPolicy.FAIL);
        assertThat(failed.failed()).isEqualTo(201);
        assertThat(get(server, 2, "large")).asString().isEqualTo("mine");
        RestoreResult replaced = importFile(server, file(), ConflictPolicy.REPLACE);
        assertThat(replaced.replaced()).isEqualTo(201);
        assertThat(get(server, 2, "large")).isEqualTo(LARGE);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void isNotSentWhenTheTargetCannotTakeIt(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--proto-max-bulk-len", "10mb")) {
            RdbFile file = file().expireAt(1).string("past", LARGE).db(99).string("nowhere", LARGE);
            RestoreResult result = importFile(server, file, ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(200);
            assertThat(result.expired()).isEqualTo(1);
            assertThat(result.failed()).isEqualTo(2);
            assertThat(result.keys()).isEqualTo(203);
            assertThat(result.failures().get(0).reason()).contains("takes 20000005 bytes", "proto-max-bulk-len");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void isRefusedByAFullTarget(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--maxmemory", "1mb")) {
            RdbFile file = new RdbFile(MAGIC).string("large", LARGE);
            DeliveryException failure = catchThrowableOfType(
                    DeliveryException.class, () -> importFile(server, file, ConflictPolicy.REPLACE));
            assertThat(failure).hasMessageContaining("OOM");
            assertThat(failure.result().failed()).isEqualTo(1);
        }
    }

    /** A stream that breaks at a byte once it is let. */
    private static final class BreakingStream extends FilterInputStream {
        private final CountDownLatch mayBreak = new CountDownLatch(1);
        private final CountDownLatch isThere = new CountDownLatch(1);
        private long rest;

        private BreakingStream(InputStream in, long breaksAt) {
            super(in);
            rest = breaksAt;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (rest == 0) {
                isThere.countDown();
                try {
                    mayBreak.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                throw new IOException("the bucket is gone");
            }
            int count = super.read(target, offset, (int) Math.min(length, rest));
            rest -= Math.max(count, 0);
            return count;
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void harmsNoOtherFileWhenItBreaksOff(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        set(server, 2, "large");
        BreakingStream stream = new BreakingStream(file().open(), 12_000_000);
        RdbFile otherFile = new RdbFile(MAGIC).strings("other", 3000).db(5).strings("another", 3000);
        try (RestorePipeline pipeline = Imports.pipeline(server);
                BatchReader broken = Imports.reader(stream, SMALL);
                BatchReader other = new BatchReader(otherFile.open(), SMALL, 1000, 1 << 20, 0)) {
            List<CompletableFuture<RestoreResult>> others = new ArrayList<>();
            others.add(pipeline.deliver(other.next(), ConflictPolicy.FAIL));
            CompletableFuture<RestoreResult> before = pipeline.deliver(broken.next(), ConflictPolicy.REPLACE);
            CompletableFuture<RestoreResult> large = before;
            KeyBatch last = broken.next();
            if (last.streamedValue() != null) {
                large = pipeline.deliver(last, ConflictPolicy.REPLACE);
            }
            stream.isThere.await();
            while (other.hasNext()) {
                others.add(pipeline.deliver(other.next(), ConflictPolicy.FAIL));
            }
            stream.mayBreak.countDown();

            CompletableFuture<RestoreResult> breaking = large;
            DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> Imports.await(breaking));
            assertThat(failure)
                    .hasMessage("the backup broke while the value was sent: the bucket is gone")
                    .hasCauseInstanceOf(IOException.class)
                    .hasRootCauseMessage("the bucket is gone");
            assertThat(failure.result().failed()).isEqualTo(1);
            RestoreResult sum = RestoreResult.NONE;
            for (CompletableFuture<RestoreResult> result : others) {
                sum = sum.plus(Imports.await(result));
            }
            assertThat(sum.imported()).isEqualTo(6000);
            assertThat(get(server, 2, "large")).asString().isEqualTo("mine");
            assertThat(get(server, 5, "another2999")).asString().isEqualTo("value of 2999");
            UncheckedIOException end = catchThrowableOfType(UncheckedIOException.class, broken::next);
            assertThat(end).hasRootCauseMessage("the bucket is gone");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void harmsNoOtherFileWhenItsReaderIsClosed(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file = new RdbFile(MAGIC).string("large", LARGE);
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            BatchReader reader = Imports.reader(new ByteArrayInputStream(file.bytes()), SMALL);
            KeyBatch batch = reader.next();
            reader.close();
            DeliveryException failure = catchThrowableOfType(
                    DeliveryException.class, () -> Imports.await(pipeline.deliver(batch, ConflictPolicy.REPLACE)));
            assertThat(failure.result().failed()).isEqualTo(1);
            assertThat(Imports.all(pipeline, new RdbFile(MAGIC).strings("a", 10), ConflictPolicy.FAIL)
                            .imported())
                    .isEqualTo(10);
        }
    }
}
