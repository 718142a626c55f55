package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.Streams;

/** Values that outgrow the reader's buffer of a megabyte, between others that don't. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LargeValueReadingTest {
    private static final int LARGEST = 5_000_000;
    private static final int LIST = 1;

    private final List<byte[]> values = new ArrayList<>();
    private byte[] file;

    @BeforeEach
    void fillWithAllSizes() {
        fill(
                20,
                1_500_000,
                30,
                600_000,
                1_040_000,
                1_048_512,
                1_048_576,
                1_100_000,
                3_000_000,
                100_000,
                40,
                LARGEST - 5,
                2_000_000,
                50);
    }

    private void fill(int... sizes) {
        Random random = new Random(7);
        RdbFile made = new RdbFile("REDIS0009");
        values.clear();
        for (int size : sizes) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            values.add(bytes);
            made.string("key " + values.size(), bytes);
        }
        file = made.bytes();
    }

    @ParameterizedTest
    @EnumSource
    void areReadWithTheirNeighbours(Streams portions) throws IOException {
        readAll(portions, 4096, 256 * 1024, 3, 1);
    }

    @ParameterizedTest
    @EnumSource
    void shareABatch(Streams portions) throws IOException {
        readAll(portions, 4096, 4_000_000, 3, 1);
    }

    @Test
    void areHeldInAnyNumberWhereThereIsNoLimit() throws IOException {
        readAll(Streams.WHOLE, 4096, 256 * 1024, 0, 100);
    }

    /** As many as fit into the memory of two of the largest, though none is released. */
    @Test
    void shareMemory() throws IOException {
        fill(1_500_000, 1_500_000, 1_500_000, 1_500_000);
        readAll(Streams.WHOLE, 4096, 256 * 1024, 8, 4);
    }

    @ParameterizedTest
    @EnumSource
    void mayGetOtherKeysMeanwhile(Streams portions) throws IOException {
        fill(1_500_000, 1_500_000, 50, 1_500_000, 1_500_000);
        String longName = "a longer name ".repeat(10_000);
        List<KeyBatch> batches = new ArrayList<>();
        try (BatchReader reader = new BatchReader(portions.of(file), limits(), 4096, 256 * 1024, 8)) {
            while (batches.size() < 4) {
                KeyBatch batch = reader.next();
                batch.rename(0, longName.getBytes(StandardCharsets.UTF_8));
                batch.rename(0, ("key " + (count(batches) + 1)).getBytes(StandardCharsets.UTF_8));
                assertThat(batch.storedKey(0))
                        .asString(StandardCharsets.UTF_8)
                        .isEqualTo("key " + (count(batches) + 1));
                batches.add(batch);
            }
            int record = 0;
            for (KeyBatch batch : batches) {
                record = compare(batch, record);
            }
            assertThat(record).isEqualTo(5);
        }
    }

    private static int count(List<KeyBatch> batches) {
        return batches.stream().mapToInt(KeyBatch::size).sum();
    }

    @Test
    void oneIsOnItsWayWhileTheNextIsRead() throws IOException {
        fill(1_500_000, 3_000_000);
        List<String> steps = new ArrayList<>();
        InputStream watched = new FilterInputStream(new ByteArrayInputStream(file)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                steps.add("read");
                return super.read(target, offset, length);
            }
        };
        try (BatchReader reader = new BatchReader(watched, limits(), 4096, 256 * 1024, 3)) {
            reader.next();
            steps.clear();
            assertThat(reader.hasNext()).isTrue();
            assertThat(steps).isEmpty();
            assertThat(reader.next().size()).isEqualTo(1);
            assertThat(reader.hasNext()).as("nothing but the end of the file").isFalse();
        }
    }

    @Test
    void oneIsHandedOutThoughTheStreamFailsBehindIt() throws IOException {
        fill(1_500_000);
        InputStream failing = new InputStream() {
            private final InputStream whole = new ByteArrayInputStream(file, 0, file.length - 9);
            private boolean failed;

            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int read = whole.read(target, offset, length);
                if (read < 0 && !failed) {
                    failed = true;
                    throw new IOException("the line is dead");
                }
                return read;
            }
        };
        try (BatchReader reader = new BatchReader(failing, limits(), 4096, 256 * 1024, 3)) {
            assertThat(compare(reader.next(), 0)).isEqualTo(1);
            assertThat(reader.hasNext()).isTrue();
            assertThatThrownBy(reader::next).hasRootCauseMessage("the line is dead");
        }
    }

    @Test
    void oneThatIsRefusedIsInNobodysWay() throws IOException {
        values.clear();
        RdbFile made = new RdbFile("REDIS0009");
        byte[] good = new byte[2_000_000];
        for (int i = 0; i < 6; i++) {
            made.record(LIST, "refused " + i).raw((byte) 1).text(good);
            made.string("small " + i, "value");
            made.string("good " + i, good);
        }
        ValueCheck refusing = (type, templates, bytes, from, length, offset) -> {
            if (type == ValueType.LIST) {
                throw new RdbFormatException(offset, "refused");
            }
        };
        RdbLimits skipping = limits().withValidation(ValidationPolicy.SKIP);
        List<String> found = new ArrayList<>();
        try (BatchReader reader = new BatchReader(made.open(), skipping, 4096, 256 * 1024, 3, refusing)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    found.add(new String(batch.key(i), StandardCharsets.UTF_8)
                            + (batch.invalidity(i) == null ? "" : " not taken"));
                }
                batch.release();
            }
        }
        assertThat(found).hasSize(18).startsWith("refused 0 not taken", "small 0", "good 0", "refused 1 not taken");
    }

    private static RdbLimits limits() {
        return new RdbLimits(LARGEST, 1 << 16, 1 << 16);
    }

    /** @param lag batches that are looked at only after so many others were read */
    private void readAll(Streams portions, int keys, int bytes, int inFlight, int lag) throws IOException {
        Queue<KeyBatch> behind = new ArrayDeque<>();
        int record = 0;
        try (BatchReader reader = new BatchReader(portions.of(file), limits(), keys, bytes, inFlight)) {
            while (reader.hasNext()) {
                behind.add(reader.next());
                if (behind.size() > lag) {
                    record = compare(behind.remove(), record);
                }
            }
            while (!behind.isEmpty()) {
                record = compare(behind.remove(), record);
            }
        }
        assertThat(record).isEqualTo(values.size());
    }

    private int compare(KeyBatch batch, int first) {
        for (int i = 0; i < batch.size(); i++) {
            byte[] value = values.get(first + i);
            int prefix = value.length < 64 ? 1 : 5;
            int start = batch.valueOffset(i);
            int length = (int) batch.valueLength(i);
            assertThat(batch.key(i)).asString(StandardCharsets.UTF_8).isEqualTo("key " + (first + i + 1));
            assertThat(Arrays.equals(batch.arena(), start + prefix, start + length, value, 0, value.length))
                    .as("value %s", first + i)
                    .isTrue();
            assertThat(batch.payloadCrc(i))
                    .isEqualTo(Crc64.update(Crc64.update(0, batch.type(i).id()), batch.arena(), start, length));
        }
        batch.release();
        return first + batch.size();
    }
}
