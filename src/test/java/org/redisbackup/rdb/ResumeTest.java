package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.Corpus;

/** Reading that goes on in the middle of a file. */
class ResumeTest {
    private static final RdbLimits LIMITS = new RdbLimits(1 << 20, 1 << 16, 1 << 16);

    /** A batch, told by what matters of it. */
    private record Read(List<String> records, long written, Checkpoint checkpoint) {}

    private static List<Read> read(BatchReader reader) {
        List<Read> all = new ArrayList<>();
        while (reader.hasNext()) {
            KeyBatch batch = reader.next();
            List<String> records = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                records.add(batch.db(i) + " " + new String(batch.key(i), java.nio.charset.StandardCharsets.ISO_8859_1)
                        + " " + batch.offset(i) + " " + batch.expireAt(i));
            }
            all.add(new Read(records, batch.written(), batch.checkpoint()));
            batch.release();
        }
        return all;
    }

    private static BatchReader open(InputStream stream, int keys) {
        return new BatchReader(stream, LIMITS, keys, 1 << 20, 0);
    }

    private static BatchReader openAt(byte[] file, Checkpoint place, int keys) {
        int offset = (int) place.offset();
        BatchReader reader = open(
                new SequenceInputStream(
                        new ByteArrayInputStream(place.head()),
                        new ByteArrayInputStream(file, offset, file.length - offset)),
                keys);
        reader.goOnAt(place);
        return reader;
    }

    @ParameterizedTest
    @ValueSource(strings = {"types-redis-7.0.15.rdb", "manykeys-redis-7.0.15.rdb", "functions-only-redis-7.0.15.rdb"})
    void whatFollowsACheckpointIsReadFromThere(String name) throws IOException {
        byte[] file = Corpus.bytes(name);
        List<Read> whole;
        int keys = 7;
        try (BatchReader reader = open(new ByteArrayInputStream(file), keys)) {
            whole = read(reader);
        }
        int step = Math.max(1, whole.size() / 50);
        for (int i = 0; i < whole.size(); i += step) {
            try (BatchReader reader = openAt(file, whole.get(i).checkpoint(), keys)) {
                assertThat(read(reader)).as("behind batch " + i).isEqualTo(whole.subList(i + 1, whole.size()));
            }
        }
    }

    @Test
    void theChecksumIsThatOfTheWholeFile() throws IOException {
        byte[] file = Corpus.bytes("manykeys-redis-7.0.15.rdb");
        Checkpoint place;
        try (BatchReader reader = open(new ByteArrayInputStream(file), 100)) {
            place = reader.next().checkpoint();
        }
        Checkpoint other =
                new Checkpoint(place.offset(), place.db(), place.checksum() ^ 1, place.written(), place.magic());
        try (BatchReader reader = openAt(file, other, 100)) {
            assertThatThrownBy(() -> read(reader)).hasMessageContaining("the file is damaged");
        }
    }

    @Test
    void aBatchIsCutWhereItIsToBe() throws IOException {
        try (BatchReader reader = open(new ByteArrayInputStream(Corpus.bytes("manykeys-redis-7.0.15.rdb")), 100)) {
            reader.cutAfter(250);
            assertThat(List.of(
                            reader.next().pieces(),
                            reader.next().pieces(),
                            reader.next().pieces()))
                    .containsExactly(100, 100, 50);
            assertThat(reader.next().pieces()).isEqualTo(100);
        }
    }
}
