package org.redisbackup.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.Streams;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Packing;
import org.redisbackup.support.Packing.Compression;
import org.redisbackup.support.RdbFile;

/** The dumps of one backup as one row of batches. */
class BackupReaderTest {
    private static final String MAGIC = "REDIS0010";
    private static final RdbLimits LIMITS = new RdbLimits(1 << 16, 1 << 16, 1 << 16);

    private static BackupReader reader(byte[] backup, int keys, int inFlight) {
        BackupContent content =
                new BackupContent(new ByteArrayInputStream(backup), null, ContentLimits.STANDARD, warning -> {});
        return new BackupReader(content, LIMITS, keys, 1 << 18, inFlight);
    }

    private static byte[] dump(String prefix, int keys) {
        return new RdbFile(MAGIC).db(0).strings(prefix, keys).bytes();
    }

    private static byte[] threeDumps() {
        return Packing.tar(Packing.files(
                "a.rdb", dump("a", 25), "empty.rdb", dump("", 0), "c.rdb.gz", Compression.GZ.of(dump("c", 5))));
    }

    @Test
    void goesThroughAllDumps() throws IOException {
        try (BackupReader reader = reader(threeDumps(), 10, 1)) {
            List<String> found = new ArrayList<>();
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                found.add(batch.dump() + " " + batch.size());
                batch.release();
            }
            assertThat(found).containsExactly("a.rdb 10", "a.rdb 10", "a.rdb 5", "c.rdb.gz 5");
            assertThat(reader.batches()).isEqualTo(4);
            assertThat(reader.bytesRead()).isEqualTo(threeDumps().length);
            assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void namesOfDumpsThatAreNoEntries() throws IOException {
        try (BackupReader plain = reader(dump("a", 1), 10, 0);
                BackupReader compressed = reader(Compression.ZST.of(dump("a", 1)), 10, 0)) {
            assertThat(plain.next().dump()).isNull();
            assertThat(compressed.next().dump()).isEmpty();
        }
    }

    @Test
    void whatIsInFlightCountsAcrossDumps() throws Exception {
        byte[] tar = Packing.tar(Packing.files("a.rdb", dump("a", 2), "b.rdb", dump("b", 1)));
        try (BackupReader reader = reader(tar, 1, 2)) {
            KeyBatch first = reader.next();
            reader.next();
            CompletableFuture<KeyBatch> third = new CompletableFuture<>();
            Thread waiting = new Thread(() -> third.complete(reader.next()));
            waiting.start();
            Conditions.await(() -> waiting.getState() == Thread.State.WAITING);
            assertThat(third).isNotDone();
            first.release();
            assertThat(third.get().dump()).isEqualTo("b.rdb");
            waiting.join();
        }
    }

    @Test
    void aBatchThatBreaksEndsTheDumpsAfterItsOwn() throws IOException {
        byte[] tar = Packing.tar(Packing.files("a.rdb", dump("a", 1), "b.rdb", dump("b", 2)));
        IOException away = new IOException("the target is away");
        try (BackupReader reader = reader(tar, 1, 0)) {
            KeyBatch first = reader.next();
            reader.next();
            first.breakOff(away);
            assertThatThrownBy(reader::next).hasCause(away);
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void closingEndsTheWaitForAPlace() throws Exception {
        BackupReader reader = reader(threeDumps(), 1, 1);
        reader.next();
        CompletableFuture<Void> waited = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                reader.next();
                waited.complete(null);
            } catch (UncheckedIOException e) {
                waited.completeExceptionally(e);
            }
        });
        waiting.start();
        Conditions.await(() -> waiting.getState() == Thread.State.WAITING);
        reader.close();
        assertThatThrownBy(waited::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aFailureIsToldOnceAndAfterWhatCameBefore() throws IOException {
        byte[] broken = dump("b", 3);
        broken[26] = (byte) 200; // the type of the second record
        byte[] tar = Packing.tar(Packing.files("a.rdb", dump("a", 3), "b.rdb", broken));
        for (Streams portions : Streams.values()) {
            BackupContent content = new BackupContent(portions.of(tar), null, ContentLimits.STANDARD, warning -> {});
            try (BackupReader reader = new BackupReader(content, LIMITS, 10, 1 << 18, 0)) {
                assertThat(reader.next().size()).isEqualTo(3);
                KeyBatch before = reader.next();
                assertThat(before.dump()).isEqualTo("b.rdb");
                assertThat(before.size()).isEqualTo(1);
                assertThat(reader.hasNext()).isTrue();
                assertThatThrownBy(reader::next)
                        .cause()
                        .isInstanceOf(BackupContentException.class)
                        .hasMessageMatching("b\\.rdb: .* \\(at byte 26 of the unpacked dump\\)");
                assertThat(reader.hasNext()).isFalse();
            }
        }
    }

    @Test
    void aStreamedValueAtTheEndOfADump() throws IOException {
        byte[] large =
                new RdbFile(MAGIC).db(0).string("large", new byte[100_000]).bytes();
        byte[] tar = Packing.tar(Packing.files("a.rdb", large, "b.rdb", dump("b", 1)));
        try (BackupReader reader = reader(Compression.XZ.of(tar), 10, 0)) {
            KeyBatch batch = reader.next();
            assertThat(batch.streamedValue().readAllBytes()).hasSizeGreaterThan(100_000);
            batch.release();
            List<String> dumps = new ArrayList<>();
            int keys = 0;
            while (reader.hasNext()) {
                KeyBatch next = reader.next();
                keys += next.size();
                dumps.add(next.dump());
            }
            assertThat(keys).isEqualTo(1);
            assertThat(dumps).endsWith("b.rdb");
        }
    }

    @Test
    void appendOnlyFilesAreNotReadYet() throws IOException {
        byte[] tar = Packing.tar(Packing.files("appendonly.aof", dump("a", 1)));
        BackupContent content = new BackupContent(
                new ByteArrayInputStream(tar), () -> new ByteArrayInputStream(tar), ContentLimits.STANDARD, w -> {});
        try (BackupReader reader = new BackupReader(content, LIMITS, 10, 1 << 18, 0)) {
            assertThatThrownBy(reader::next).cause().hasMessage("appendonly.aof: append-only files can't be read yet");
        }
    }
}
