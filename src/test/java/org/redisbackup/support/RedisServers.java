package org.redisbackup.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.redisbackup.app.embedded.EmbeddedRedis;

/**
 * The servers that tests run on: the embedded Redis, and those that a file names, one line each of {@code NAME VERSION
 * COMMAND}. The system property {@value #PROPERTY} or the environment variable {@value #VARIABLE} holds the file's path.
 */
public final class RedisServers {
    private static final String PROPERTY = "redisbackup.test.servers";
    private static final String VARIABLE = "REDISBACKUP_TEST_SERVERS";
    private static final Path PROGRAMS = Path.of("target/embedded");
    private static final Map<Program, RedisServer> SHARED = new ConcurrentHashMap<>();

    private RedisServers() {}

    /**
     * A server program.
     *
     * @param name redis or valkey
     */
    public record Program(String name, String version, Path command) {
        @Override
        public String toString() {
            return name + " " + version;
        }
    }

    public static List<Program> all() {
        List<Program> programs = new ArrayList<>();
        programs.add(embedded());
        String file = System.getProperty(PROPERTY, System.getenv(VARIABLE));
        if (file != null && !file.isBlank()) {
            programs.addAll(named(Path.of(file)));
        }
        return programs;
    }

    /** The Redis that is always there. */
    public static Program embedded() {
        try {
            return new Program("redis", "7.0.15", EmbeddedRedis.program(PROGRAMS));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Program> named(Path file) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.trim().split("\\s+", 3))
                    .map(cells -> new Program(cells[0], cells[1], Path.of(cells[2])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One server a program for the whole JVM, emptied now. */
    public static RedisServer shared(Program program) {
        RedisServer server = SHARED.computeIfAbsent(program, RedisServers::startShared);
        try (var jedis = server.jedis()) {
            jedis.flushAll();
            jedis.functionFlush();
        }
        return server;
    }

    private static RedisServer startShared(Program program) {
        try {
            return RedisServer.start(program);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
