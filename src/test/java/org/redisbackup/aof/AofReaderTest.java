package org.redisbackup.aof;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.Streams;

class AofReaderTest {
    private static final RdbLimits LIMITS = new RdbLimits(1 << 16, 1 << 16, 1 << 16);

    /** Everything that stands in the files, and the warning at the end. */
    private static List<String> read(RdbLimits limits, int batchSize, Streams portions, byte[]... files)
            throws IOException {
        List<AofPart> parts = new ArrayList<>();
        for (byte[] file : files) {
            parts.add(new AofPart("part" + parts.size(), () -> portions.of(file)));
        }
        List<String> found = new ArrayList<>();
        try (AofReader reader = new AofReader(parts, limits, batchSize, 1 << 20, 1, ValueCheck.NONE)) {
            while (reader.hasNext()) {
                BackupBatch batch = reader.next();
                if (batch instanceof CommandBatch commands) {
                    for (int i = 0; i < commands.size(); i++) {
                        found.add(describe(commands, i));
                    }
                } else {
                    found.add(((KeyBatch) batch).size() + " keys");
                }
                batch.release();
            }
            assertThat(reader.offset())
                    .isEqualTo(
                            Arrays.stream(files).mapToLong(file -> file.length).sum());
            if (reader.warning() != null) {
                found.add(reader.warning());
            }
        }
        return found;
    }

    private static String describe(CommandBatch batch, int i) {
        byte[] key = batch.key(i);
        return batch.db(i) + " " + batch.name(i) + " " + (key == null ? "-" : new String(key, ISO_8859_1))
                + (batch.isOversized(i) ? " oversized" : "");
    }

    private static String warning(int offset) {
        return "the file is cut off in the middle of a command or a transaction; what starts at byte " + offset
                + " was left out";
    }

    @ParameterizedTest
    @EnumSource
    void commandsKeepTheirBytesAndTheirPlace(Streams portions) throws IOException {
        AofFile file = new AofFile().raw("#TS:1700000000\r\n");
        int start = file.size();
        String command = "*3\r\n$3\r\nset\r\n$1\r\na\r\n$4\r\n\r\n\0\u00ff\r\n";
        file.raw(command);
        try (AofReader reader = new AofReader(
                List.of(new AofPart("", () -> portions.of(file.bytes()))), LIMITS, 10, 1000, 1, ValueCheck.NONE)) {
            CommandBatch batch = (CommandBatch) reader.next();
            assertThat(batch.size()).isEqualTo(1);
            assertThat(batch.offset(0)).isEqualTo(start);
            assertThat(batch.longestWord(0)).isEqualTo(4);
            assertThat(new String(batch.arena(), batch.start(0), batch.length(0), ISO_8859_1))
                    .isEqualTo(command);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theDatabaseIsToldForEachCommandAndEachFileStartsInTheFirst(Streams portions) throws IOException {
        AofFile first =
                new AofFile().command("SET", "a", "1").command("SELECT", "3").command("SET", "b", "1");
        AofFile second = new AofFile().command("SET", "c", "1");
        assertThat(read(LIMITS, 10, portions, first.bytes(), second.bytes()))
                .containsExactly("0 SET a", "3 SET b", "0 SET c");
    }

    @ParameterizedTest
    @EnumSource
    void aSnapshotMayStandBeforeTheCommands(Streams portions) throws IOException {
        AofFile file = new AofFile()
                .raw(new RdbFile("REDIS0009").db(2).strings("k", 3).bytes())
                .command("SET", "a", "1");
        assertThat(read(LIMITS, 10, portions, file.bytes())).containsExactly("3 keys", "0 SET a");
        byte[] old = Corpus.bytes("types-redis-2.4.18.rdb"); // has no checksum
        assertThat(read(
                        LIMITS,
                        1000,
                        portions,
                        new AofFile().raw(old).command("DEL", "a").bytes()))
                .last()
                .isEqualTo("0 DEL a");
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionIsNeverCut(Streams portions) throws IOException {
        AofFile file = new AofFile().command("SET", "a", "1").command("MULTI");
        for (int i = 0; i < 20; i++) {
            file.command("INCR", "b");
        }
        file.command("EXEC").command("SET", "c", "1");
        List<Integer> sizes = new ArrayList<>();
        try (AofReader reader = new AofReader(
                List.of(new AofPart("", () -> portions.of(file.bytes()))), LIMITS, 5, 1000, 1, ValueCheck.NONE)) {
            while (reader.hasNext()) {
                CommandBatch batch = (CommandBatch) reader.next();
                sizes.add(batch.size());
                batch.release();
            }
        }
        assertThat(sizes).containsExactly(21, 1);
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionWithoutItsEndIsLeftOut(Streams portions) throws IOException {
        AofFile file = new AofFile().command("SET", "a", "1");
        int transaction = file.size();
        file.command("MULTI").command("SET", "b", "1").command("SET", "c", "1");
        assertThat(read(LIMITS, 10, portions, file.bytes())).containsExactly("0 SET a", warning(transaction));
        assertThat(read(LIMITS, 10, portions, file.bytesWithoutLast(3)))
                .containsExactly("0 SET a", warning(transaction));
    }

    @ParameterizedTest
    @EnumSource
    void aCutCommandIsLeftOutWhereverItIsCut(Streams portions) throws IOException {
        AofFile file = new AofFile().command("SET", "a", "1");
        int whole = file.size();
        file.command("SET", "b", "1");
        for (int cut = 1; cut < file.size() - whole; cut++) {
            assertThat(read(LIMITS, 10, portions, file.bytesWithoutLast(cut)))
                    .containsExactly("0 SET a", warning(whole));
        }
        assertThat(read(LIMITS, 10, portions, file.bytesWithoutLast(file.size() - whole)))
                .containsExactly("0 SET a");
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheLastFileMayBeCut(Streams portions) {
        AofFile open = new AofFile().command("MULTI").command("SET", "b", "1");
        byte[] next = new AofFile().command("SET", "a", "1").bytes();
        assertThatThrownBy(() -> read(LIMITS, 10, portions, open.bytes(), next))
                .hasRootCauseMessage(
                        "the file is cut off in the middle of a command or a transaction, and others follow"
                                + " it (at byte 0)");
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotFitIntoMemoryIsReported(Streams portions) throws IOException {
        AofFile file = new AofFile().command("SET", "big", "x".repeat(1 << 16)).command("SET", "small", "1");
        assertThat(read(LIMITS, 10, portions, file.bytes())).containsExactly("0 SET big oversized", "0 SET small");
        AofFile transaction = new AofFile().command("MULTI");
        for (int i = 0; i < 3; i++) {
            transaction.command("SET", "k", "x".repeat(30_000));
        }
        assertThatThrownBy(() -> read(LIMITS, 10, portions, transaction.bytes()))
                .hasRootCauseMessage("a transaction takes more than the limit of 32768 bytes (at byte 0)");
    }

    @Test
    void theFirstKeyIsTold() throws IOException {
        AofFile file = new AofFile()
                .command("EVAL", "return 1", "1", "k")
                .command("EVAL", "return 1", "0", "k")
                .command("XGROUP", "CREATE", "s", "g", "0")
                .command("FLUSHALL")
                .command("PUBLISH", "c", "m")
                .command("DEL", "x", "y");
        assertThat(read(LIMITS, 10, Streams.WHOLE, file.bytes()))
                .containsExactly("0 EVAL k", "0 EVAL -", "0 XGROUP s", "0 FLUSHALL -", "0 PUBLISH -", "0 DEL x");
    }

    @Test
    void transactionsMustMatch() {
        AofFile nested = new AofFile().command("MULTI").command("MULTI");
        AofFile unopened = new AofFile().command("EXEC");
        AofFile nowhere = new AofFile().command("SELECT", "-1");
        assertThatThrownBy(() -> read(LIMITS, 10, Streams.WHOLE, nested.bytes()))
                .hasRootCauseMessage("a transaction starts inside another one (at byte 15)");
        assertThatThrownBy(() -> read(LIMITS, 10, Streams.WHOLE, unopened.bytes()))
                .hasRootCauseMessage("a transaction ends that has not started (at byte 0)");
        assertThatThrownBy(() -> read(LIMITS, 10, Streams.WHOLE, nowhere.bytes()))
                .hasRootCauseMessage("a database is selected that is no number from 0 to 2^31-1 (at byte 0)");
    }

    @Test
    void commandsWaitForEverythingBeforeThem() throws Exception {
        AofFile file = new AofFile()
                .raw(new RdbFile("REDIS0009").strings("k", 2).bytes())
                .command("SET", "a", "1")
                .command("SET", "b", "1");
        try (AofReader reader =
                AofReader.ofAnyFormat(new ByteArrayInputStream(file.bytes()), LIMITS, 1, 1000, 0, ValueCheck.NONE)) {
            List<BackupBatch> keys = List.of(reader.next(), reader.next());
            CompletableFuture<BackupBatch> first = CompletableFuture.supplyAsync(reader::next);
            keys.get(1).release();
            assertThat(first).isNotDone();
            keys.get(0).release();
            BackupBatch batch = first.get(10, TimeUnit.SECONDS);
            assertThat(batch).isInstanceOf(CommandBatch.class);
            CompletableFuture<BackupBatch> second = CompletableFuture.supplyAsync(reader::next);
            batch.breakOff(new IOException("the target is gone"));
            assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS)).hasRootCauseMessage("the target is gone");
            assertThat(reader.hasNext()).isFalse();
        }
    }

    /** The target has not got all keys: what commands would make of that is anybody's guess. */
    @Test
    void commandsAreNotHandedOutBehindAnUndeliveredBatch() throws Exception {
        AofFile file = new AofFile()
                .raw(new RdbFile("REDIS0009").strings("k", 2).bytes())
                .command("SET", "a", "1");
        try (AofReader reader =
                AofReader.ofAnyFormat(new ByteArrayInputStream(file.bytes()), LIMITS, 1, 1000, 0, ValueCheck.NONE)) {
            ((KeyBatch) reader.next()).releaseUndelivered(new IOException("the target is full"));
            reader.next().release();
            assertThatThrownBy(reader::next).hasRootCauseMessage("the target is full");
        }
    }

    @Test
    void closingEndsTheWait() throws Exception {
        byte[] file =
                new AofFile().command("SET", "a", "1").command("SET", "b", "1").bytes();
        AofReader reader = AofReader.ofAnyFormat(new ByteArrayInputStream(file), LIMITS, 1, 1000, 0, ValueCheck.NONE);
        reader.next();
        CompletableFuture<BackupBatch> second = CompletableFuture.supplyAsync(reader::next);
        reader.close();
        assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
                .hasRootCauseMessage("the backup was closed before its end");
    }

    @Test
    void theContentTellsTheFormat() throws IOException {
        byte[] snapshot = Corpus.bytes("handmade-trailing-bytes.rdb"); // behind which servers ignore everything
        byte[] commands = new AofFile().command("SET", "a", "1").bytes();
        for (byte[] file : List.of(snapshot, commands)) {
            try (AofReader reader =
                    AofReader.ofAnyFormat(new ByteArrayInputStream(file), LIMITS, 1000, 1 << 20, 0, ValueCheck.NONE)) {
                assertThat(reader.next()).isInstanceOf(file == snapshot ? KeyBatch.class : CommandBatch.class);
            }
        }
        for (byte[] none : List.of(new byte[0], "PK\3\4 and more".getBytes(ISO_8859_1))) {
            try (AofReader reader =
                    AofReader.ofAnyFormat(new ByteArrayInputStream(none), LIMITS, 1000, 1 << 20, 0, ValueCheck.NONE)) {
                assertThatThrownBy(reader::next).hasMessageContaining("this is not an RDB file");
            }
        }
        assertThat(Stream.of((int) 'R', (int) 'V', (int) '*', (int) '#', -1, 0).map(BackupFormat::of))
                .containsExactly(
                        BackupFormat.RDB,
                        BackupFormat.RDB,
                        BackupFormat.AOF,
                        BackupFormat.AOF,
                        BackupFormat.UNKNOWN,
                        BackupFormat.UNKNOWN);
    }
}
