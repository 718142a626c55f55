package org.redisbackup.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.redisbackup.app.embedded.ChildProcess;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** A real Sentinel that decides alone, half a second after its primary fell silent. */
public final class RedisSentinel implements AutoCloseable {
    /** What it calls the primary. */
    public static final String PRIMARY = "mine";

    private static final Path DIRECTORIES = Path.of("target/redis-tests");
    private static final int ATTEMPTS = 3;

    private final ChildProcess process;
    private final Path directory;
    private final int port;

    private RedisSentinel(ChildProcess process, Path directory, int port) {
        this.process = process;
        this.directory = directory;
        this.port = port;
    }

    /** Starts one, and waits until it knows the replica of the primary. */
    public static RedisSentinel start(RedisServers.Program program, RedisServer primary) throws Exception {
        Files.createDirectories(DIRECTORIES);
        for (int attempt = 1; ; attempt++) {
            Path directory = Files.createTempDirectory(DIRECTORIES, "sentinel").toAbsolutePath();
            int port = freePort();
            Path configuration = directory.resolve("sentinel.conf");
            Files.write(
                    configuration,
                    List.of(
                            "port " + port,
                            "bind 127.0.0.1",
                            "sentinel monitor " + PRIMARY + " 127.0.0.1 " + primary.port() + " 1",
                            "sentinel down-after-milliseconds " + PRIMARY + " 500",
                            "sentinel failover-timeout " + PRIMARY + " 3000"));
            ChildProcess process = ChildProcess.start(
                    "Sentinel",
                    directory,
                    directory.resolve("sentinel.log"),
                    List.of(program.command().toString(), configuration.toString(), "--sentinel"));
            RedisSentinel sentinel = new RedisSentinel(process, directory, port);
            try {
                process.await(sentinel::knowsReplica, Duration.ofSeconds(30));
                return sentinel;
            } catch (IOException e) {
                sentinel.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean knowsReplica() {
        try (Jedis jedis = new Jedis("127.0.0.1", port)) {
            return jedis.sentinelReplicas(PRIMARY).stream()
                    .anyMatch(replica -> "ok".equals(replica.get("master-link-status")));
        } catch (JedisException e) {
            return false;
        }
    }

    public int port() {
        return port;
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
