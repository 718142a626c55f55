package org.redisbackup.rdb.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.Streams;

/** No value of a real backup is refused, and of each broken one it is said what is wrong, word by word. */
class ValidationTest {
    private static final Path BAD = Path.of("src/test/resources/corpus/bad");
    private static final RdbLimits LIMITS = new RdbLimits(1 << 20, 1 << 16, 1 << 16);

    static Stream<String> good() {
        return Corpus.good();
    }

    @ParameterizedTest
    @MethodSource("good")
    void refusesNothingThatAServerWrote(String name) throws IOException {
        RdbLimits roomy = new RdbLimits(64 << 20, 1 << 20, 1 << 20);
        try (BatchReader reader = new BatchReader(
                new ByteArrayInputStream(Corpus.bytes(name)), roomy, 1000, 1 << 20, 0, new ValueValidator())) {
            reader.forEachRemaining(KeyBatch::release);
        }
    }

    static Stream<String> broken() throws IOException {
        return Files.readAllLines(BAD.resolve("invalid.tsv")).stream();
    }

    @ParameterizedTest
    @MethodSource("broken")
    void saysWhatIsWrong(String expectation) throws IOException {
        String name = expectation.split("\t", 2)[0];
        byte[] bytes = Files.readAllBytes(BAD.resolve(name));
        for (Streams portions : Streams.values()) {
            assertThat(name + "\t" + refusal(portions, bytes)).isEqualTo(expectation);
        }
    }

    /** The file ends where a key's value is broken, and the key is named. */
    @ParameterizedTest
    @MethodSource("broken")
    void endsTheFileUnlessToldOtherwise(String expectation) throws IOException {
        String[] cells = expectation.split("\t", 3);
        byte[] bytes = Files.readAllBytes(BAD.resolve(cells[0]));
        String message = null;
        try (BatchReader reader = reader(Streams.WHOLE, bytes, ValidationPolicy.FAIL)) {
            reader.forEachRemaining(KeyBatch::release);
        } catch (UncheckedIOException e) {
            message = e.getCause().getMessage();
        }
        assertThat(message).isEqualTo("the value of the key " + cells[1] + " is broken: " + cells[2]);
    }

    private static BatchReader reader(Streams portions, byte[] bytes, ValidationPolicy policy) {
        return new BatchReader(portions.of(bytes), LIMITS.withValidation(policy), 10, 1000, 0, new ValueValidator());
    }

    private static String refusal(Streams portions, byte[] bytes) throws IOException {
        StringBuilder refusals = new StringBuilder();
        try (BatchReader reader = reader(portions, bytes, ValidationPolicy.SKIP)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    if (batch.invalidity(i) != null) {
                        refusals.append(new String(batch.key(i), StandardCharsets.UTF_8))
                                .append('\t')
                                .append(batch.invalidity(i));
                    }
                }
            }
        }
        return refusals.toString();
    }
}
