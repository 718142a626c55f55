package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.Streams;

/** What is said about broken files, word by word, and how many of their keys are read before the broken place. */
class HostileFileTest {
    private static final Path FILES = Path.of("src/test/resources/corpus/bad");
    private static final RdbLimits SMALL = new RdbLimits(1 << 20, 1 << 16, 1 << 16);

    static Stream<String> expectations() throws IOException {
        return Files.readAllLines(FILES.resolve("expected.tsv")).stream();
    }

    @ParameterizedTest
    @MethodSource("expectations")
    void isRefusedInTheSameWords(String expectation) throws IOException {
        String name = expectation.split("\t", 2)[0];
        byte[] bytes = Files.readAllBytes(FILES.resolve(name));
        for (Streams portions : Streams.values()) {
            assertThat(name + "\t" + outcome(portions, bytes)).isEqualTo(expectation);
        }
    }

    private static String outcome(Streams portions, byte[] bytes) throws IOException {
        int keys = 0;
        try (BatchReader reader = new BatchReader(portions.of(bytes), SMALL, 10, 1000, 1)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                if (batch.streamedValue() != null) {
                    batch.streamedValue().readAllBytes();
                }
                keys += batch.size();
                batch.release();
            }
            return keys + "\tread to its end";
        } catch (UncheckedIOException e) {
            assertThat(e.getCause()).isInstanceOf(RdbFormatException.class);
            return keys + "\t" + e.getCause().getMessage();
        } catch (RdbFormatException e) {
            return keys + "\t" + e.getMessage();
        }
    }
}
