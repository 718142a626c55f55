package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.Streams;

class BatchReaderTest {
    private static final RdbLimits LIMITS = new RdbLimits(1 << 20, 1 << 16, 1 << 16);

    private static final int QUICKLIST = 18;
    private static final byte PACKED = 2;
    private static final byte NO_LENGTH = (byte) 0xE7;
    private static final int END_OF_FILE = 9; // bytes

    private static BatchReader open(String name, RdbLimits limits, int keys, int bytes, int inFlight)
            throws IOException {
        return new BatchReader(new ByteArrayInputStream(Corpus.bytes(name)), limits, keys, bytes, inFlight);
    }

    @Test
    void cutsBatchesByKeys() throws IOException {
        try (BatchReader reader = open("manykeys-redis-7.0.15.rdb", LIMITS, 1000, 1 << 20, 0)) {
            List<Integer> sizes = new ArrayList<>();
            reader.forEachRemaining(batch -> sizes.add(batch.size()));
            assertThat(sizes).containsExactly(1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000);
            assertThat(reader.batches()).isEqualTo(10);
        }
    }

    @Test
    void cutsBatchesByBytes() throws IOException {
        try (BatchReader reader = open("manykeys-redis-7.0.15.rdb", LIMITS, 1 << 20, 8192, 0)) {
            int keys = 0;
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                keys += batch.size();
                assertThat(batch.arenaSize()).isLessThanOrEqualTo(8192);
            }
            assertThat(keys).isEqualTo(10_000);
        }
    }

    @Test
    void waitsForABatchToBeReleased() throws Exception {
        try (BatchReader reader = open("manykeys-redis-7.0.15.rdb", LIMITS, 1000, 1 << 20, 2)) {
            KeyBatch first = reader.next();
            reader.next();
            CountDownLatch asking = new CountDownLatch(1);
            CompletableFuture<KeyBatch> third = CompletableFuture.supplyAsync(() -> {
                assertThat(reader.hasNext()).isTrue();
                asking.countDown();
                return reader.next();
            });
            asking.await();
            assertThat(reader.batches()).isEqualTo(2);
            first.release();
            first.release();
            assertThat(third.get(10, TimeUnit.SECONDS).size()).isEqualTo(1000);
            assertThat(reader.batches()).isEqualTo(3);
        }
    }

    @Test
    void batchesThatGrewAreLimitedByTheirBytes() throws Exception {
        try (BatchReader reader = open("types-redis-7.0.15.rdb", LIMITS.withMaxBufferedValue(71_000), 1, 1000, 50)) {
            KeyBatch large = reader.next();
            while (large.valueLength(0) < 70_000) {
                large.release();
                large = reader.next();
            }
            CompletableFuture<KeyBatch> after = CompletableFuture.supplyAsync(reader::next);
            assertThatThrownBy(() -> after.get(100, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            large.release();
            assertThat(after.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    @Test
    void closingEndsAWait() throws Exception {
        BatchReader reader = open("manykeys-redis-7.0.15.rdb", LIMITS, 1000, 1 << 20, 1);
        reader.next();
        CompletableFuture<KeyBatch> second = CompletableFuture.supplyAsync(reader::next);
        reader.close();
        assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
                .hasRootCauseMessage("the backup was closed before its end");
    }

    @Test
    void aStreamedValueStandsAloneAndHoldsTheReaderBack() throws Exception {
        String name = "bigstring-1m-raw-redis-8.0.6.rdb";
        try (BatchReader reader = open(name, LIMITS.withMaxBufferedValue(100_000), 100, 1 << 20, 0)) {
            KeyBatch batch = reader.next();
            while (batch.streamedValue() == null) {
                batch = reader.next();
            }
            assertThat(batch.size()).isEqualTo(1);
            assertThat(reader.hasNext()).isTrue();
            CompletableFuture<KeyBatch> next = CompletableFuture.supplyAsync(reader::next);
            assertThat(batch.streamedValue().read(new byte[1000], 0, 1000)).isPositive();
            assertThat(next).isNotDone();
            batch.release(); // gives up the rest
            assertThat(next.get(10, TimeUnit.SECONDS)).isNotNull();
        }
    }

    /** Where it breaks stands in the reader's buffer already, behind more bytes than may be held. */
    @ParameterizedTest
    @EnumSource
    void aValueTooLongToHoldIsStreamedWhereverItBreaks(Streams portions) throws IOException {
        RdbFile file = new RdbFile("REDIS0010").record(QUICKLIST, "broken").raw((byte) 40);
        for (int i = 0; i < 20; i++) {
            file.raw(PACKED).text(new byte[60]);
        }
        int broken = file.bytes().length - END_OF_FILE;
        file.raw(NO_LENGTH);
        RdbLimits limits = LIMITS.withMaxBufferedValue(1000);
        try (BatchReader reader = new BatchReader(portions.of(file.bytes()), limits, 10, 1000, 0)) {
            KeyBatch batch = reader.next();
            assertThat(batch.key(0)).asString(StandardCharsets.UTF_8).isEqualTo("broken");
            assertThatThrownBy(() -> batch.streamedValue().readAllBytes())
                    .hasMessageContaining("0xe7 announces an encoded string")
                    .hasMessageContaining("(at byte " + broken + ")");
            batch.release();
        }
    }

    @Test
    void closingBreaksAValueBeingStreamed() throws Exception {
        String name = "bigstring-1m-raw-redis-8.0.6.rdb";
        BatchReader reader = open(name, LIMITS.withMaxBufferedValue(100_000), 1, 1 << 20, 0);
        KeyBatch batch = reader.next();
        while (batch.streamedValue() == null) {
            batch = reader.next();
        }
        StreamedValue value = batch.streamedValue();
        reader.close();
        assertThatThrownBy(() -> value.readAllBytes()).hasMessageContaining("closed while a value of it was read");
    }

    @Test
    void handsOutWhatStandsBeforeTheBrokenPlace() throws IOException {
        byte[] bytes = Corpus.bytes("manykeys-redis-7.0.15.rdb");
        byte[] cut = Arrays.copyOf(bytes, bytes.length / 2);
        try (BatchReader reader = new BatchReader(new ByteArrayInputStream(cut), LIMITS, 1 << 20, 1 << 20, 0)) {
            assertThat(reader.next().size()).isBetween(4000, 6000);
            assertThatThrownBy(reader::next)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasRootCauseMessage("the file is cut off: more bytes have to follow (at byte " + cut.length + ")");
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void aDamagedFileIsFoundByItsChecksum() throws IOException {
        byte[] bytes = Corpus.bytes("manykeys-redis-7.0.15.rdb");
        bytes[bytes.length - 1] ^= 1; // of the checksum itself
        try (BatchReader reader = new BatchReader(new ByteArrayInputStream(bytes), LIMITS, 1 << 20, 1 << 20, 0)) {
            assertThat(reader.next().size()).isEqualTo(10_000);
            assertThatThrownBy(reader::next)
                    .hasRootCauseInstanceOf(RdbFormatException.class)
                    .hasMessageContaining("the file is damaged");
        }
    }

    @Test
    void functionLibrariesFillABatchToo() throws IOException {
        try (BatchReader reader = open("functions-only-redis-7.0.15.rdb", LIMITS, 100, 50, 0)) {
            List<Integer> libraries = new ArrayList<>();
            reader.forEachRemaining(batch -> libraries.add(batch.functions().size()));
            assertThat(libraries).containsExactly(1, 1);
        }
    }

    @Test
    void readingEndsWithTheFailureOfABatch() throws Exception {
        try (BatchReader reader = open("manykeys-redis-7.0.15.rdb", LIMITS, 1000, 1 << 20, 1)) {
            KeyBatch first = reader.next();
            CompletableFuture<KeyBatch> second = CompletableFuture.supplyAsync(reader::next);
            first.breakOff(new IOException("the target is gone"));
            assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("the target is gone");
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void closingEndsAReadThatAStreamedValueWaitsFor() throws Exception {
        byte[] bytes = Corpus.bytes("bigstring-1m-raw-redis-8.0.6.rdb");
        CountDownLatch stuck = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        InputStream slow = new ByteArrayInputStream(bytes, 0, 100_000) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                int count = super.read(target, offset, length);
                if (count < 0) {
                    stuck.countDown();
                    Uninterruptibles.await(closed);
                }
                return count;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
        BatchReader reader = new BatchReader(slow, LIMITS.withMaxBufferedValue(50_000), 1, 1 << 20, 0);
        KeyBatch batch = reader.next();
        while (batch.streamedValue() == null) {
            batch = reader.next();
        }
        StreamedValue value = batch.streamedValue();
        CompletableFuture<byte[]> reading = CompletableFuture.supplyAsync(() -> Uninterruptibles.readAll(value));
        stuck.await();
        reader.close();
        assertThatThrownBy(() -> reading.get(10, TimeUnit.SECONDS)).isNotNull();
    }

    private static final class Uninterruptibles {
        static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        static byte[] readAll(StreamedValue value) {
            try {
                return value.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void functionLibrariesComeWithTheKeys() throws IOException {
        try (BatchReader reader = open("functions-only-redis-7.0.15.rdb", LIMITS, 100, 1 << 20, 0)) {
            KeyBatch batch = reader.next();
            assertThat(batch.size()).isZero();
            assertThat(batch.functions()).hasSize(2).allSatisfy(code -> assertThat(
                            new String(code, StandardCharsets.UTF_8))
                    .startsWith("#!lua name="));
            assertThat(reader.hasNext()).isFalse();
        }
    }
}
