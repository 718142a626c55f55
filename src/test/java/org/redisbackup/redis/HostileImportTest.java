package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/**
 * Each broken or hostile backup, imported by a process whose heap has 64 MB, ends in a typed refusal or in a report that
 * adds up; and whatever of it arrived can be read as a whole, by a server that lives on.
 */
class HostileImportTest {
    private static final Path CORPUS = Path.of("src/test/resources/corpus");
    /** A guard against hanging, far from what it takes. */
    private static final int MINUTES = 5;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void endsInLittleMemoryAndLeavesEveryKeyReadable(RedisServers.Program program) throws Exception {
        List<Path> backups = backups();
        try (RedisServer server = RedisServer.start(program)) {
            List<String> lines = linesOf(server.port(), backups);
            assertThat(lines)
                    .hasSize(2 * backups.size()); // with broken values that fail the file, and that are skipped
            try (Jedis jedis = server.jedis()) {
                assertThat(jedis.ping()).isEqualTo("PONG");
            }
        }
    }

    private static List<Path> backups() throws IOException {
        List<Path> backups = new ArrayList<>();
        for (String folder : List.of("bad", "bad-aof")) {
            try (Stream<Path> files = Files.list(CORPUS.resolve(folder))) {
                files.filter(file -> !file.toString().endsWith(".tsv")).forEach(backups::add);
            }
        }
        return backups;
    }

    private List<String> linesOf(int port, List<Path> backups) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HostileImport.class.getName(),
                Integer.toString(port)));
        backups.forEach(backup -> command.add(backup.toString()));
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            assertThat(ended && process.exitValue() == 0)
                    .as(Files.readString(output))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readAllLines(output);
    }
}
