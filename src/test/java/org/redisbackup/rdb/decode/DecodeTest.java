package org.redisbackup.rdb.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.Corpus.Truth;
import org.redisbackup.support.Streams;

/** Every value of every backup: as many elements as recorded, and the same ones from memory and from a stream. */
class DecodeTest {
    private static final RdbLimits ROOMY = new RdbLimits(64 << 20, 1 << 20, 1 << 20);
    private static final int MAX_ELEMENT = 32 << 20;

    static Stream<String> files() {
        return Corpus.good();
    }

    @ParameterizedTest
    @MethodSource("files")
    void hasTheRecordedElements(String name) throws IOException {
        List<Truth> truths = Corpus.truth(name);
        List<String> differences = new ArrayList<>();
        int record = 0;
        try (BatchReader reader =
                new BatchReader(new ByteArrayInputStream(Corpus.bytes(name)), ROOMY, 1000, 1 << 20, 0)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    Truth truth = truths.get(record++);
                    if (ValueDecoder.isDecodable(batch.type(i)) && count(batch, i) != truth.elements()) {
                        differences.add(count(batch, i) + " elements, but " + truth);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(record).isEqualTo(truths.size());
    }

    private static long count(KeyBatch batch, int i) throws IOException {
        ElementCounter counter = new ElementCounter();
        ArrayWindow window = new ArrayWindow();
        window.over(batch.arena(), batch.valueOffset(i), (int) batch.valueLength(i), batch.offset(i));
        new ValueDecoder(window, MAX_ELEMENT, counter).decode(batch.type(i), batch.templates());
        assertThat(window.available()).isZero();
        return counter.count();
    }

    @ParameterizedTest
    @MethodSource("files")
    void doesNotDependOnWhereTheBytesComeFrom(String name) throws IOException {
        try (BatchReader reader =
                new BatchReader(new ByteArrayInputStream(Corpus.bytes(name)), ROOMY, 1000, 1 << 20, 0)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    if (ValueDecoder.isDecodable(batch.type(i))) {
                        assertSameElements(batch, i);
                    }
                }
            }
        }
    }

    private static void assertSameElements(KeyBatch batch, int i) throws IOException {
        int start = batch.valueOffset(i);
        byte[] value = Arrays.copyOfRange(batch.arena(), start, start + (int) batch.valueLength(i));
        ElementDigest whole = new ElementDigest();
        ArrayWindow window = new ArrayWindow();
        window.over(value, 0, value.length, 0);
        new ValueDecoder(window, MAX_ELEMENT, whole).decode(batch.type(i), batch.templates());
        for (Streams portions : Streams.values()) {
            ElementDigest streamed = new ElementDigest();
            StreamWindow stream = new StreamWindow(portions.of(value), 0, MAX_ELEMENT);
            new ValueDecoder(stream, MAX_ELEMENT, streamed).decode(batch.type(i), batch.templates());
            assertThat(streamed.digest()).as("record at %s", batch.offset(i)).isEqualTo(whole.digest());
            assertThat(stream.offset()).isEqualTo(value.length);
        }
    }
}
