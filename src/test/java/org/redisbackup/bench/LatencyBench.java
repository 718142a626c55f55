package org.redisbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.KeyPipeline;
import org.redisbackup.redis.Pace;
import org.redisbackup.redis.RateLimits;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.redis.Sender;
import org.redisbackup.redis.Target;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/**
 * How long another client of the target waits while an import runs: {@code LatencyBench FILE.rdb LIMIT_MILLIS}. It asks
 * every few milliseconds: without an import, beside imports with much or little in flight, and beside one that is limited
 * by the target's latency. Each import is a process of its own and ends after ten seconds at the latest. Printed are what the
 * client waited and what one cycle of the server's event loop takes on average, in which all clients are served: the
 * processors that the client lacked itself play no part in that.
 *
 * <p>The server is the last one that {@link RedisServers} knows. With {@code -Dcgroup=DIRECTORY} it is put into this control
 * group, whose quota makes it a small managed instance.
 */
public final class LatencyBench {
    private static final int BATCH_KEYS = 4096;
    private static final int KIB = 1024;
    private static final int CONNECT_MILLIS = 5000;
    private static final int PAUSE_MILLIS = 2;
    private static final int IDLE_SECONDS = 3;
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RedisServer server;
    private final Jedis other;
    private final String file;

    private LatencyBench(RedisServer server, Jedis other, String file) {
        this.server = server;
        this.other = other;
        this.file = file;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 2) {
            int[] numbers =
                    Arrays.stream(arguments).skip(1).mapToInt(Integer::parseInt).toArray();
            deliver(Path.of(arguments[0]), numbers[0], numbers[1], numbers[2], numbers[3]);
            return;
        }
        List<RedisServers.Program> programs = RedisServers.all();
        try (RedisServer server = RedisServer.start(programs.get(programs.size() - 1));
                Jedis other = server.jedis()) {
            if (System.getProperty("cgroup") != null) {
                Path group = Path.of(System.getProperty("cgroup"), "cgroup.procs");
                Files.writeString(group, Long.toString(field(other, "server", "process_id")));
            }
            LatencyBench bench = new LatencyBench(server, other, arguments[0]);
            bench.watch("no import", new ProcessBuilder("sleep", Integer.toString(IDLE_SECONDS)).start());
            bench.watchImport("8 x 256 KB", 256 * KIB, 8, 0);
            bench.watchImport("1 x 16 KB", 16 * KIB, 1, 0);
            bench.watchImport("8 x 256 KB, limited", 256 * KIB, 8, Integer.parseInt(arguments[1]));
        }
    }

    private void watchImport(String what, int batchBytes, int inFlight, int latencyMillis) throws Exception {
        other.flushAll();
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                LatencyBench.class.getName(),
                file,
                Integer.toString(server.port()),
                Integer.toString(batchBytes),
                Integer.toString(inFlight),
                Integer.toString(latencyMillis));
        Process process = new ProcessBuilder(command).inheritIO().start();
        while (process.isAlive() && other.dbSize() == 0) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        watch(what, process);
    }

    private void watch(String what, Process until) throws Exception {
        List<Long> waits = new ArrayList<>();
        long cycles = field(other, "stats", "eventloop_cycles");
        long busy = field(other, "stats", "eventloop_duration_sum");
        while (until.isAlive()) {
            long start = System.nanoTime();
            other.ping();
            waits.add(System.nanoTime() - start);
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
        cycles = field(other, "stats", "eventloop_cycles") - cycles;
        busy = field(other, "stats", "eventloop_duration_sum") - busy;
        waits.sort(null);
        System.out.printf(
                "%-20s p50 %6.2f ms, p99 %6.2f ms, longest %6.2f ms of %d; a cycle %5.3f ms%n",
                what, millis(waits, 0.5), millis(waits, 0.99), millis(waits, 1), waits.size(), busy / 1e3 / cycles);
    }

    private static double millis(List<Long> sorted, double share) {
        return sorted.get(Math.min(sorted.size() - 1, (int) (sorted.size() * share))) / 1e6;
    }

    private static long field(Jedis jedis, String section, String name) {
        return jedis.info(section)
                .lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0); // servers before Redis 7.2 count no cycles
    }

    private static void deliver(Path file, int port, int batchBytes, int inFlight, int latencyMillis) throws Exception {
        Target target = new Target("127.0.0.1", port, null, null, false);
        Pace pace = new Pace(new RateLimits(0, 0, latencyMillis), 0, Duration.ZERO, System.out::println);
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        long bytes = 0;
        long start = System.nanoTime();
        try (KeyPipeline pipeline = KeyPipeline.to(target, CONNECT_MILLIS, Sender.ALONE, pace);
                BatchReader reader = new BatchReader(
                        Files.newInputStream(file), RdbLimits.forThisHeap(), BATCH_KEYS, batchBytes, inFlight)) {
            while (reader.hasNext() && System.nanoTime() - start < LONGEST_NANOS) {
                KeyBatch batch = reader.next();
                bytes += valueBytes(batch);
                results.add(pipeline.deliver(batch, ConflictPolicy.REPLACE));
            }
            for (CompletableFuture<RestoreResult> result : results) {
                if (result.get().failed() + result.get().unsupported() > 0) {
                    throw new IOException(result.get().failures().get(0).reason());
                }
            }
        }
        System.out.printf("%5.1f MB of values a second: ", bytes * 1e3 / (System.nanoTime() - start));
    }

    private static long valueBytes(KeyBatch batch) {
        long sum = 0;
        for (int i = 0; i < batch.size(); i++) {
            sum += Math.max(0, batch.valueLength(i));
        }
        return sum;
    }
}
