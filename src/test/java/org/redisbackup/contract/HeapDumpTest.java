package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Corpus;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/** Nobody finds the password of a request by looking through a memory dump of the service that runs its import. */
class HeapDumpTest {
    @Test
    void thePasswordOfARequestInFlight() throws Exception {
        try (RunningService servers = RunningService.withoutService();
                ServiceProcess service = ServiceProcess.start(servers.properties());
                Jedis target = servers.protectedTarget()) {
            servers.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            target.clientPause(600_000, ClientPauseMode.WRITE);
            String id = servers.create(RunningService.body(
                    "dumped",
                    servers.bucket(),
                    "types.rdb",
                    RunningService.PROTECTED_INSTANCE,
                    RunningService.PROTECTED_PASSWORD));
            servers.get("/migration-task/" + id); // the buffers of the first request serve another
            Path dump = Files.createTempDirectory("dump").resolve("service.hprof");
            try {
                dump(service.pid(), dump);
                assertThat(contains(dump, id.getBytes(StandardCharsets.ISO_8859_1)))
                        .as("the task is found")
                        .isTrue();
                assertThat(contains(dump, RunningService.PROTECTED_PASSWORD.getBytes(StandardCharsets.ISO_8859_1)))
                        .as("its password is found")
                        .isFalse();
                assertThat(contains(dump, RunningService.PROTECTED_PASSWORD.getBytes(StandardCharsets.UTF_16BE)))
                        .as("its password is found as UTF-16")
                        .isFalse();
            } finally {
                Files.deleteIfExists(dump);
                Files.delete(dump.getParent());
            }
        }
    }

    /** Of live objects: what nobody refers to is collected before. */
    private static void dump(long pid, Path file) throws Exception {
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(pid),
                        "GC.heap_dump",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor(60, TimeUnit.SECONDS)).as(said).isTrue();
        assertThat(file).as(said).exists();
    }

    private static boolean contains(Path file, byte[] wanted) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 20)) {
            byte[] window = new byte[1 << 20];
            int kept = 0;
            while (true) {
                int read = in.read(window, kept, window.length - kept);
                if (read < 0) {
                    return false;
                }
                int end = kept + read;
                for (int i = 0; i + wanted.length <= end; i++) {
                    if (Arrays.equals(window, i, i + wanted.length, wanted, 0, wanted.length)) {
                        return true;
                    }
                }
                kept = Math.min(end, wanted.length - 1);
                System.arraycopy(window, end - kept, window, 0, kept);
            }
        }
    }
}
