package org.redisbackup.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;

class KeyIndexTest {
    private static final long LATER = System.currentTimeMillis() + 3_600_000;
    private static final int LARGEST_BUFFERED = 1 << 16;

    @TempDir
    private Path folder;

    private int made;

    private static RdbFile file() {
        return new RdbFile("REDIS0010");
    }

    private KeyIndex index(RdbFile... files) throws IOException {
        KeyIndex index = KeyIndex.create(folder.resolve("index-" + made++));
        for (RdbFile each : files) {
            add(index, each.open(), batch -> {});
        }
        return index;
    }

    private static void add(KeyIndex index, InputStream file, Consumer<KeyBatch> rules) throws IOException {
        RdbLimits limits = new RdbLimits(LARGEST_BUFFERED, LARGEST_BUFFERED, LARGEST_BUFFERED);
        try (BatchReader reader = new BatchReader(file, limits, 100, 1 << 20, 0)) {
            index.add(new KeyIndex.Keys() {
                @Override
                public KeyBatch next() {
                    KeyBatch batch = reader.hasNext() ? reader.next() : null;
                    if (batch != null) {
                        rules.accept(batch);
                    }
                    return batch;
                }

                @Override
                public void done(KeyBatch batch) {
                    batch.release();
                }
            });
        }
    }

    private static List<Long> unchanged(KeyIndex before, KeyIndex now, int part, int records) throws IOException {
        PlaceSet places = now.unchangedSince(before, part);
        List<Long> found =
                LongStream.range(0, records).filter(places::contains).boxed().toList();
        assertThat(places.size()).isEqualTo(found.size());
        return found;
    }

    private static List<String> vanished(KeyIndex before, KeyIndex now) throws IOException {
        List<String> names = new ArrayList<>();
        long count = now.visitVanishedSince(before, (db, key) -> names.add(name(db, key)));
        assertThat(count).isEqualTo(names.size());
        return names;
    }

    private static String name(int db, byte[] key) {
        return db + ":" + new String(key, StandardCharsets.UTF_8);
    }

    @Test
    void tellsWhatIsTheSame() throws IOException {
        KeyIndex before = index(file().string("same", "1")
                .string("value", "1")
                .expireAt(LATER)
                .string("expiry", "1")
                .expireAt(LATER)
                .string("lives for ever now", "1")
                .expireAt(LATER)
                .string("same expiry", "1")
                .string("database", "1")
                .string("", "no name"));
        KeyIndex now = index(file().string("new", "1")
                .idle(5)
                .string("same", "1")
                .string("value", "2")
                .expireAt(LATER + 1)
                .string("expiry", "1")
                .string("lives for ever now", "1")
                .expireAt(LATER)
                .string("same expiry", "1")
                .string("", "no name")
                .db(3)
                .string("database", "1"));
        assertThat(unchanged(before, now, 0, 8)).containsExactly(1L, 5L, 6L);
        assertThat(vanished(before, now)).containsExactly("0:database");
        assertThat(vanished(now, before)).containsExactlyInAnyOrder("0:new", "3:database");
    }

    @Test
    void aTypeIsPartOfTheValue() throws IOException {
        byte[] number = {1, 'x'};
        KeyIndex before = index(file().record(0, "k").raw(number));
        KeyIndex now = index(file().record(1, "k").raw((byte) 0));
        assertThat(unchanged(before, now, 0, 1)).isEmpty();
        assertThat(unchanged(before, index(file().record(0, "k").raw(number)), 0, 1))
                .containsExactly(0L);
    }

    @Test
    void valuesLargerThanABufferAreCompared() throws IOException {
        byte[] large = new byte[2 * LARGEST_BUFFERED];
        KeyIndex before = index(file().string("large", large).string("small", "1"));
        KeyIndex same = index(file().string("large", large).string("small", "1"));
        assertThat(unchanged(before, same, 0, 2)).containsExactly(0L, 1L);
        large[large.length - 1] = 1;
        KeyIndex now = index(file().string("large", large).string("small", "1"));
        assertThat(unchanged(before, now, 0, 2)).containsExactly(1L);
    }

    /** Its bytes mean something else in another file. */
    @Test
    void aHashThatRefersToATemplateIsNeverTheSame() throws IOException {
        byte[] file = Corpus.bytes("handmade-v15-hash-templates.rdb");
        List<Boolean> restorable = new ArrayList<>();
        KeyIndex before = index();
        add(before, new ByteArrayInputStream(file), batch -> {
            for (int i = 0; i < batch.size(); i++) {
                restorable.add(batch.type(i).isRestorable());
            }
        });
        KeyIndex now = index();
        add(now, new ByteArrayInputStream(file), batch -> {});
        PlaceSet unchanged = now.unchangedSince(before, 0);
        assertThat(restorable).contains(false);
        for (int i = 0; i < restorable.size(); i++) {
            assertThat(unchanged.contains(i)).isEqualTo(restorable.get(i));
        }
    }

    @Test
    void aKeyInSeveralFilesIsNeverTheSame() throws IOException {
        RdbFile one = file().string("both", "1").string("first", "1");
        RdbFile other = file().string("both", "1").string("second", "1");
        KeyIndex before = index(one, other);
        KeyIndex now = index(one, other);
        assertThat(unchanged(before, now, 0, 2)).containsExactly(1L);
        assertThat(unchanged(before, now, 1, 2)).containsExactly(1L);
        assertThat(vanished(before, index(other))).containsExactly("0:first");
    }

    @Test
    void keysThatMoveFromFileToFileStay() throws IOException {
        KeyIndex before = index(file().strings("a", 500), file().strings("b", 500));
        KeyIndex now = index(file().strings("b", 500), file().strings("a", 499));
        assertThat(unchanged(before, now, 1, 499)).hasSize(499);
        assertThat(vanished(before, now)).containsExactly("0:a499");
    }

    @Test
    void whatIsExcludedOrHasExpiredIsNotInIt() throws IOException {
        RdbFile file = file().string("excluded", "1")
                .string("a", "1")
                .expireAt(1)
                .string("expired", "1")
                .expireAt(LATER)
                .string("soon", "1");
        KeyIndex before = index(file);
        KeyIndex now = index();
        add(now, file.open(), batch -> batch.exclude(0));
        assertThat(now.keys()).isEqualTo(2);
        assertThat(unchanged(before, now, 0, 4)).containsExactly(1L, 3L);
        assertThat(vanished(before, now)).containsExactly("0:excluded");
        List<String> expired = new ArrayList<>();
        now.visitExpired(LATER - 1, (db, key) -> expired.add(name(db, key)));
        assertThat(expired).isEmpty();
        now.visitExpired(LATER, (db, key) -> expired.add(name(db, key)));
        assertThat(expired).containsExactly("0:soon");
    }

    @Test
    void isThereWhenItIsComplete() throws IOException {
        KeyIndex index = index(file().strings("k", 300), file().strings("l", 7));
        KeyIndex before = index(file().strings("k", 300));
        assertThat(unchanged(before, index, 0, 300)).hasSize(300);
        Path place = folder.resolve("index-0");
        assertThat(KeyIndex.open(place)).isEmpty();
        index.complete();
        assertThat(KeyIndex.open(place)).get().satisfies(opened -> {
            assertThat(opened.keys()).isEqualTo(307);
            assertThat(vanished(opened, before)).hasSize(7);
            assertThat(vanished(before, opened)).isEmpty();
        });
        Files.write(place.resolve("1.table"), new byte[32]);
        assertThat(KeyIndex.open(place)).as("cut off").isEmpty();
        KeyIndex.delete(place);
        assertThat(place).doesNotExist();
    }

    @Test
    void ofABrokenFileThereIsNoPart() throws IOException {
        RdbFile broken = file().strings("k", 300).raw((byte) 99);
        assertThatThrownBy(() -> index(broken)).hasMessageContaining("99");
    }

    /** Key by key while batches are delivered, or all at once: the same keys are found. */
    @Test
    void keysCanBeLookedUp() throws IOException {
        KeyIndex before = index(file().strings("a", 20_000), file().strings("b", 500), file().strings("b", 10));
        assertThat(before.isQuick(1 << 20)).isTrue();
        assertThat(before.isQuick(20_510 * 32 - 1)).isFalse();
        RdbFile file = file().strings("a", 20_100).strings("b", 600).db(1).strings("a", 10);
        KeyIndex now = index(file);
        KeyIndex delivered = index();
        List<Boolean> marked = new ArrayList<>();
        RdbLimits limits = new RdbLimits(LARGEST_BUFFERED, LARGEST_BUFFERED, LARGEST_BUFFERED);
        try (BatchReader reader = new BatchReader(file.open(), limits, 100, 1 << 20, 0);
                KeyIndex.Part part = delivered.begin(before)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                part.add(batch, System.currentTimeMillis());
                for (int i = 0; i < batch.size(); i++) {
                    marked.add(batch.isUnchanged(i));
                }
                batch.release();
            }
            part.finish();
            assertThat(part.unchanged()).isEqualTo(20_490);
        }
        PlaceSet unchanged = now.unchangedSince(before, 0);
        assertThat(unchanged.size()).isEqualTo(20_490);
        for (int i = 0; i < marked.size(); i++) {
            assertThat(marked.get(i)).as("%s", i).isEqualTo(unchanged.contains(i));
        }
        assertThat(vanished(now, delivered)).isEmpty();
    }
}
