package org.redisbackup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said about broken and hostile archives, word by word, by a process whose heap has 64 MB. */
class HostileArchiveTest {
    private static final Path FILES = Path.of("src/test/resources/corpus/bad");

    @Test
    void eachIsRefusedInTheSameWordsAndLittleMemory() throws Exception {
        List<String> expected = new ArrayList<>();
        for (String line : Files.readAllLines(FILES.resolve("expected-archives.tsv"))) {
            expected.add(line);
            expected.add(line); // whole and byte by byte
        }
        assertThat(linesOf(BackupReading.packed(FILES))).isEqualTo(expected);
    }

    private static List<String> linesOf(List<Path> files) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                BackupReading.class.getName()));
        files.forEach(file -> command.add(file.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
