package org.redisbackup.app.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A real Redis server on a free port of 127.0.0.1, which ends with this JVM. */
public final class EmbeddedRedis implements AutoCloseable {
    private static final String VERSION = "7.0.15";
    private static final int ATTEMPTS = 3;
    private static final Duration READY = Duration.ofSeconds(30);
    private static final int PING_MILLIS = 1000;

    private final ChildProcess process;
    private final int port;

    private EmbeddedRedis(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * The Redis {@value #VERSION} that the library embedded-redis carries, unpacked once.
     *
     * @param cache folder that keeps the program; made when missing
     * @throws IOException when the library has no program for this system or is not on the class path
     */
    public static Path program(Path cache) throws IOException {
        String name = "redis-server-" + VERSION + "-" + system();
        Path program = cache.resolve(name).toAbsolutePath();
        if (Files.isExecutable(program)) {
            return program;
        }
        Files.createDirectories(cache);
        Path part = Files.createTempFile(cache, name, ".part");
        try (InputStream packed = EmbeddedRedis.class.getResourceAsStream("/" + name)) {
            if (packed == null) {
                throw new IOException("There is no " + name + " on the class path: run your own Redis and name it in"
                        + " redisbackup.state and redisbackup.instances.<id>.url.");
            }
            Files.copy(packed, part, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(part, program, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        return program;
    }

    private static String system() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
        String processor = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
        return os + "-" + processor;
    }

    /**
     * Starts a server without persistence and waits until it answers.
     *
     * @param program a redis-server or valkey-server
     * @param directory its working directory and the place of its log; made when missing
     * @param arguments more arguments, as on its command line ({@code "--appendonly", "yes"}); they win
     * @throws IOException when it does not come up; the message ends with the last lines of its log
     */
    public static EmbeddedRedis start(Path program, Path directory, String... arguments) throws IOException {
        Files.createDirectories(directory);
        for (int attempt = 1; ; attempt++) {
            int port = Loopback.freePort();
            List<String> command = new ArrayList<>(List.of(program.toString(), "--bind", Loopback.HOST));
            command.addAll(List.of("--port", Integer.toString(port), "--save", ""));
            command.addAll(List.of(arguments));
            ChildProcess process =
                    ChildProcess.start("Redis server", directory, directory.resolve("redis.log"), command);
            try {
                process.await(() -> answers(port), READY);
                return new EmbeddedRedis(process, port);
            } catch (IOException e) {
                process.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Whether a server that has loaded its data speaks the Redis protocol there; one that wants a password does. */
    private static boolean answers(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(Loopback.address(port), PING_MILLIS);
            socket.setSoTimeout(PING_MILLIS);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            String reply = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
            return reply.equals("+PONG") || reply.equals("-NOAU");
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** {@code redis://127.0.0.1:port}. */
    public String url() {
        return "redis://" + Loopback.HOST + ":" + port;
    }

    @Override
    public void close() {
        process.close();
    }
}
