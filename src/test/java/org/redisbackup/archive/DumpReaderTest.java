package org.redisbackup.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ResumePoint;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Packing;
import org.redisbackup.support.Packing.Compression;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.Streams;

/** The dumps of one backup as one row of batches. */
class DumpReaderTest {
    private static final String MAGIC = "REDIS0010";
    private static final RdbLimits LIMITS = new RdbLimits(1 << 16, 1 << 16, 1 << 16);

    private static DumpReader reader(byte[] backup, int keys, int inFlight) {
        BackupContent content =
                new BackupContent(new ByteArrayInputStream(backup), null, ContentLimits.STANDARD, warning -> {});
        return new DumpReader(content, LIMITS, keys, 1 << 18, inFlight, ValueCheck.NONE);
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
        try (DumpReader reader = reader(threeDumps(), 10, 1)) {
            List<String> found = new ArrayList<>();
            while (reader.hasNext()) {
                KeyBatch batch = (KeyBatch) reader.next();
                found.add(batch.dump() + " " + batch.size());
                batch.release();
            }
            assertThat(found).containsExactly("a.rdb 10", "a.rdb 10", "a.rdb 5", "c.rdb.gz 5");
            assertThat(reader.batches()).isEqualTo(4);
            assertThat(reader.offset()).isEqualTo(threeDumps().length);
            assertThatThrownBy(reader::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void goesOnBehindWhatWasDelivered() throws IOException {
        for (int pieces = 0; pieces <= 30; pieces++) {
            BackupContent content = new BackupContent(
                    new ResumePoint(pieces, null),
                    new ByteArrayInputStream(threeDumps()),
                    null,
                    ContentLimits.STANDARD,
                    warning -> {});
            try (DumpReader reader = new DumpReader(content, LIMITS, 10, 1 << 18, 1, ValueCheck.NONE)) {
                int rest = 0;
                while (reader.hasNext()) {
                    BackupBatch batch = reader.next();
                    rest += batch.pieces();
                    batch.release();
                }
                assertThat(rest).isEqualTo(30 - pieces);
            }
        }
    }

    @Test
    void namesOfDumpsThatAreNoEntries() throws IOException {
        try (DumpReader plain = reader(dump("a", 1), 10, 0);
                DumpReader compressed = reader(Compression.ZST.of(dump("a", 1)), 10, 0)) {
            assertThat(((KeyBatch) plain.next()).dump()).isNull();
            assertThat(((KeyBatch) compressed.next()).dump()).isEmpty();
        }
    }

    @Test
    void whatIsInFlightCountsAcrossDumps() throws Exception {
        byte[] tar = Packing.tar(Packing.files("a.rdb", dump("a", 2), "b.rdb", dump("b", 1)));
        try (DumpReader reader = reader(tar, 1, 2)) {
            KeyBatch first = (KeyBatch) reader.next();
            reader.next();
            CompletableFuture<KeyBatch> third = new CompletableFuture<>();
            Thread waiting = new Thread(() -> third.complete((KeyBatch) reader.next()));
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
        try (DumpReader reader = reader(tar, 1, 0)) {
            KeyBatch first = (KeyBatch) reader.next();
            reader.next();
            first.breakOff(away);
            assertThatThrownBy(reader::next).hasCause(away);
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void closingEndsTheWaitForAPlace() throws Exception {
        DumpReader reader = reader(threeDumps(), 1, 1);
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
            try (DumpReader reader = new DumpReader(content, LIMITS, 10, 1 << 18, 0, ValueCheck.NONE)) {
                assertThat(((KeyBatch) reader.next()).size()).isEqualTo(3);
                KeyBatch before = (KeyBatch) reader.next();
                assertThat(before.dump()).isEqualTo("b.rdb");
                assertThat(before.size()).isEqualTo(1);
                assertThat(reader.hasNext()).isTrue();
                assertThatThrownBy(reader::next)
                        .cause()
                        .isInstanceOf(BackupContentException.class)
                        .hasMessageMatching("b\\.rdb: .* \\(at byte 26 of the dump\\)");
                assertThat(reader.hasNext()).isFalse();
            }
        }
    }

    @Test
    void aStreamedValueAtTheEndOfADump() throws IOException {
        byte[] large =
                new RdbFile(MAGIC).db(0).string("large", new byte[100_000]).bytes();
        byte[] tar = Packing.tar(Packing.files("a.rdb", large, "b.rdb", dump("b", 1)));
        try (DumpReader reader = reader(Compression.XZ.of(tar), 10, 0)) {
            KeyBatch batch = (KeyBatch) reader.next();
            assertThat(batch.streamedValue().readAllBytes()).hasSizeGreaterThan(100_000);
            batch.release();
            List<String> dumps = new ArrayList<>();
            int keys = 0;
            while (reader.hasNext()) {
                KeyBatch next = (KeyBatch) reader.next();
                keys += next.size();
                dumps.add(next.dump());
            }
            assertThat(keys).isEqualTo(1);
            assertThat(dumps).endsWith("b.rdb");
        }
    }

    /** What stands in the backup, and what the reader warns of at its end. */
    private static List<String> read(Streams portions, byte[] backup) throws IOException {
        List<String> found = new ArrayList<>();
        BackupContent content =
                new BackupContent(portions.of(backup), () -> portions.of(backup), ContentLimits.STANDARD, found::add);
        try (DumpReader reader = new DumpReader(content, LIMITS, 10, 1 << 18, 1, ValueCheck.NONE)) {
            while (reader.hasNext()) {
                BackupBatch batch = reader.next();
                found.add(
                        batch instanceof CommandBatch commands
                                ? commands.dump() + ": " + commands.size() + " commands"
                                : ((KeyBatch) batch).dump() + ": " + ((KeyBatch) batch).size() + " keys");
                batch.release();
            }
            if (reader.warning() != null) {
                found.add(reader.warning());
            }
        } catch (UncheckedIOException e) {
            found.add(e.getCause().getMessage());
        }
        return found;
    }

    @Test
    void appendOnlyFilesAreToldByNameOrContent() throws IOException {
        byte[] commands = new AofFile().command("SET", "a", "1").bytes();
        byte[] timed = new AofFile()
                .raw("#TS:1700000000\r\n".getBytes(US_ASCII))
                .command("PING")
                .bytes();
        byte[] both = Packing.joined(dump("a", 3), commands);
        byte[] tar = Packing.tar(Packing.files(
                "appendonly.aof",
                both,
                "empty.aof",
                new byte[0],
                "commands",
                timed,
                "commands.gz",
                Compression.GZ.of(commands),
                "README",
                "# Backups\r\n* of today\r\n".getBytes(US_ASCII),
                "list",
                "*1\r\n".getBytes(US_ASCII),
                "a\nb",
                dump("a", 1)));
        for (Streams portions : Streams.values()) {
            assertThat(read(portions, tar))
                    .containsExactly(
                            "commands: 1 commands",
                            "commands.gz: 1 commands",
                            "README is no dump and was skipped",
                            "list is no dump and was skipped",
                            "a?b: 1 keys",
                            "appendonly.aof: 3 keys",
                            "appendonly.aof: 1 commands");
            assertThat(read(portions, both)).containsExactly("null: 3 keys", "null: 1 commands");
            assertThat(read(portions, Compression.BZ2.of(both))).containsExactly(": 3 keys", ": 1 commands");
        }
    }

    @Test
    void aPlaceInAMultiPartFileNamesThePart() throws IOException {
        byte[] commands = new AofFile().command("SET", "a", "1").bytes();
        byte[] cut = Arrays.copyOf(commands, commands.length - 3);
        byte[] manifest =
                """
                file a.1.base.rdb seq 1 type b
                file a.1.incr.aof seq 1 type i
                file a.2.incr.aof seq 2 type i
                """
                        .getBytes(US_ASCII);
        for (Streams portions : Streams.values()) {
            assertThat(read(portions, multiPart(manifest, commands, cut)))
                    .containsExactly(
                            "d/a.1.base.rdb: 2 keys",
                            "d/a.1.incr.aof: 1 commands",
                            "d/a.2.incr.aof: the file is cut off in the middle of a command or a transaction;"
                                    + " what starts at byte 0 was left out");
            assertThat(read(portions, multiPart(manifest, cut, commands)))
                    .containsExactly(
                            "d/a.1.base.rdb: 2 keys",
                            "d/a.1.incr.aof: the file is cut off in the middle of a command or a transaction, and others"
                                    + " follow it (at byte 0 of the dump)");
        }
    }

    private static byte[] multiPart(byte[] manifest, byte[] first, byte[] second) {
        return Packing.tar(Packing.files(
                "d/a.2.incr.aof", second,
                "d/a.1.incr.aof", first,
                "d/a.1.base.rdb", dump("k", 2),
                "d/a.manifest", manifest));
    }

    @Test
    void partsCompressedByThemselvesAreRefused() throws IOException {
        byte[] part = Compression.GZ.of(new AofFile().command("SET", "a", "1").bytes());
        assertThat(read(Streams.WHOLE, Packing.tar(Packing.files("a.1.incr.aof.gz", part))))
                .containsExactly(
                        "a.1.incr.aof.gz: it is a part of an append-only file, whose manifest is not beside it");
    }

    @Test
    void whatFollowsCommandsWaitsForThem() throws Exception {
        byte[] commands = new AofFile().command("SET", "a", "1").bytes();
        byte[] tar = Packing.tar(Packing.files("first", commands, "second.rdb", dump("b", 1)));
        try (DumpReader reader = reader(tar, 10, 0)) {
            BackupBatch first = reader.next();
            CompletableFuture<BackupBatch> second = new CompletableFuture<>();
            Thread waiting = new Thread(() -> second.complete(reader.next()));
            waiting.start();
            Conditions.await(() -> waiting.getState() == Thread.State.WAITING);
            assertThat(second).isNotDone();
            first.release();
            assertThat(((KeyBatch) second.get()).dump()).isEqualTo("second.rdb");
            waiting.join();
        }
    }
}
