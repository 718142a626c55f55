package org.redisbackup.support;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.redisbackup.app.embedded.EmbeddedRedis;
import org.redisbackup.redis.Target;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisConnectionException;

/** A real server without persistence in a folder of its own, which is gone when it is closed. */
public final class RedisServer implements AutoCloseable {
    private static final Path DIRECTORIES = Path.of("target/redis-tests");
    private static final int TIMEOUT_MILLIS = 60_000;

    private final EmbeddedRedis process;
    private final Path directory;

    private RedisServer(EmbeddedRedis process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /**
     * @param arguments more arguments, as on its command line
     * @throws IOException when it does not come up
     */
    public static RedisServer start(RedisServers.Program program, String... arguments) throws IOException {
        Files.createDirectories(DIRECTORIES);
        Path directory = Files.createTempDirectory(DIRECTORIES, "run").toAbsolutePath();
        List<String> all = new ArrayList<>(List.of("--enable-debug-command", "yes"));
        all.addAll(List.of(arguments));
        return new RedisServer(
                EmbeddedRedis.start(program.command(), directory, all.toArray(String[]::new)), directory);
    }

    public int port() {
        return process.port();
    }

    public Target target() {
        return new Target("127.0.0.1", port(), null, null, false);
    }

    /** A new connection, to be closed by the caller. */
    public Jedis jedis() {
        return new Jedis("127.0.0.1", port(), TIMEOUT_MILLIS);
    }

    /** Compacts the append-only file into one with a snapshot at its start, and waits for that. */
    public void rewriteAppendOnlyFile() throws Exception {
        try (Jedis jedis = jedis()) {
            jedis.bgrewriteaof();
            Conditions.await(() -> {
                String info = jedis.info("persistence");
                return info.contains("aof_rewrite_in_progress:0") && info.contains("aof_rewrite_scheduled:0");
            });
        }
    }

    /** Lets it end as a crash would, and start again on the same port. */
    public void crashAndRecover() {
        try (Jedis jedis = jedis()) {
            jedis.sendCommand(() -> "DEBUG".getBytes(US_ASCII), "CRASH-AND-RECOVER");
            throw new IllegalStateException("it did not crash");
        } catch (JedisConnectionException e) {
            // it is gone
        }
    }

    /** Ends it as a crash would. */
    public void kill() {
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        process.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
