package org.redisbackup.aof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupFormatException;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.AofCorpus;
import org.redisbackup.support.Streams;

/** What is said about broken append-only backups, word by word, and how much is read before the broken place. */
class HostileAofTest {
    private static final Path BACKUPS = Path.of("src/test/resources/corpus/bad-aof");
    private static final RdbLimits SMALL = new RdbLimits(1 << 20, 1 << 16, 1 << 16);

    static Stream<String> expectations() throws IOException {
        return Files.readAllLines(BACKUPS.resolve("expected.tsv")).stream();
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void isRefusedInTheSameWords(String expectation) throws IOException {
        String name = expectation.split("\t", 2)[0];
        for (Streams portions : Streams.values()) {
            assertThat(name + "\t" + outcome(BACKUPS.resolve(name), portions)).isEqualTo(expectation);
        }
    }

    private static String outcome(Path backup, Streams portions) throws IOException {
        try {
            List<AofPart> parts = Files.isDirectory(backup)
                    ? AofCorpus.parts(backup, portions)
                    : List.of(new AofPart("", () -> portions.of(Files.readAllBytes(backup))));
            return outcome(parts);
        } catch (AofManifestException e) {
            return e.getMessage();
        }
    }

    private static String outcome(List<AofPart> parts) throws IOException {
        int keys = 0;
        int commands = 0;
        try (AofReader reader = new AofReader(parts, SMALL, 10, 1000, 1, ValueCheck.NONE)) {
            while (reader.hasNext()) {
                BackupBatch batch = reader.next();
                keys += batch instanceof KeyBatch some ? some.size() : 0;
                commands += batch instanceof CommandBatch some ? some.size() : 0;
                batch.release();
            }
            String end = reader.warning() == null ? "read to its end" : reader.warning();
            return keys + " keys, " + commands + " commands\t" + end;
        } catch (UncheckedIOException e) {
            String end = e.getCause() instanceof NoSuchFileException
                    ? "a file is missing"
                    : ((BackupFormatException) e.getCause()).getMessage();
            return keys + " keys, " + commands + " commands\t" + end;
        }
    }
}
