package org.redisbackup.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The seeds of the fuzz targets and the inputs that once broke one, without a fuzzer: each ends, and as it should. */
@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FuzzInputsTest {
    static List<Path> dumps() throws IOException {
        return inputs("RdbFuzzInputs/reads");
    }

    @ParameterizedTest
    @MethodSource("dumps")
    void dump(Path input) throws IOException {
        new RdbFuzz().reads(Files.readAllBytes(input));
    }

    static List<Path> values() throws IOException {
        return inputs("ValueFuzzInputs/decodes");
    }

    @ParameterizedTest
    @MethodSource("values")
    void value(Path input) throws IOException {
        new ValueFuzz().decodes(Files.readAllBytes(input));
    }

    static List<Path> appendOnlyFiles() throws IOException {
        return inputs("AofFuzzInputs/reads");
    }

    @ParameterizedTest
    @MethodSource("appendOnlyFiles")
    void appendOnlyFile(Path input) throws IOException {
        new AofFuzz().reads(Files.readAllBytes(input));
    }

    static List<Path> manifests() throws IOException {
        return inputs("ManifestFuzzInputs/parses");
    }

    @ParameterizedTest
    @MethodSource("manifests")
    void manifest(Path input) throws IOException {
        new ManifestFuzz().parses(Files.readAllBytes(input));
    }

    static List<Path> archives() throws IOException {
        return inputs("ArchiveFuzzInputs/unpacks");
    }

    @ParameterizedTest
    @MethodSource("archives")
    void archive(Path input) throws IOException {
        new ArchiveFuzz().unpacks(Files.readAllBytes(input));
    }

    private static List<Path> inputs(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/org/redisbackup/fuzz", folder))) {
            return files.sorted().toList();
        }
    }
}
