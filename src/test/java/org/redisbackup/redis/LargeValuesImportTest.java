package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Two files of values of 1 to 10 MB, imported by a process whose heap of 64 MB is half full of something else. */
class LargeValuesImportTest {
    /** A guard against hanging, far from what it takes. */
    private static final int MINUTES = 5;

    @TempDir
    private Path directory;

    @Test
    void fitIntoASmallHeap() throws Exception {
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                Jedis jedis = server.jedis()) {
            assertThat(outputOf(server.port())).contains(2 * LargeValuesImport.LISTS + " imported");
            for (int i = 0; i < LargeValuesImport.LISTS; i++) {
                for (String name : List.of("one", "other")) {
                    assertThat(jedis.llen(name + i)).isEqualTo(LargeValuesImport.elements(i));
                    assertThat(jedis.lindex(name + i, -1)).hasSize(LargeValuesImport.ELEMENT);
                }
            }
        }
    }

    private String outputOf(int port) throws Exception {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeValuesImport.class.getName(),
                        Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            String told = Files.readString(output);
            assertThat(ended && process.exitValue() == 0).as(told).isTrue();
            return told;
        } finally {
            process.destroyForcibly();
        }
    }
}
