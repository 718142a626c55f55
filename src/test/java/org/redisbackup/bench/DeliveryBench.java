package org.redisbackup.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.RestorePipeline;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/**
 * Measures the pipeline alone, from a local RDB file, against {@code redis-cli --pipe} with the {@link RestoreStream} of
 * the same file, on the same server, in turns, with and without looking at the values: {@code DeliveryBench FILE.rdb FILE.resp ROUNDS [replace]}. With {@code
 * replace} the target holds all keys already and the stream has to say {@code REPLACE}. The first round warms up and does not count.
 */
public final class DeliveryBench {
    private static final int BATCH_KEYS = 4096;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int IN_FLIGHT = 16;

    private final Path file;
    private final Path stream;
    private final boolean replace;
    private final RedisServer server;

    private DeliveryBench(Path file, Path stream, boolean replace, RedisServer server) {
        this.file = file;
        this.stream = stream;
        this.replace = replace;
        this.server = server;
    }

    public static void main(String[] arguments) throws Exception {
        boolean replace = arguments.length > 3 && arguments[3].equals("replace");
        try (RedisServer server = RedisServer.start(RedisServers.embedded())) {
            new DeliveryBench(Path.of(arguments[0]), Path.of(arguments[1]), replace, server)
                    .run(Integer.parseInt(arguments[2]));
        }
    }

    private void run(int rounds) throws Exception {
        double[] plain = new double[rounds];
        double[] checked = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            System.out.println(round < 0 ? "warm-up" : "round " + (round + 1));
            double pipe = measured("--pipe", this::pipe);
            double unchecked = measured("import", () -> deliver(ValueCheck.NONE));
            double withChecks = measured("import, values checked", () -> deliver(new ValueValidator()));
            if (round >= 0) {
                plain[round] = unchecked / pipe;
                checked[round] = withChecks / pipe;
            }
        }
        Arrays.sort(plain);
        Arrays.sort(checked);
        System.out.printf(
                "wall time / redis-cli --pipe, median: import %.3f, with values checked %.3f%n",
                plain[rounds / 2], checked[rounds / 2]);
    }

    private double measured(String what, Timed step) throws Exception {
        prepare();
        double server = serverSeconds();
        double client = clientSeconds();
        double wall = Timed.seconds(step);
        System.out.printf(
                "  %-24s %.3f s, server busy %.3f s, client %.3f s%n",
                what, wall, serverSeconds() - server, clientSeconds() - client);
        return wall;
    }

    private static double clientSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    private double serverSeconds() {
        try (Jedis jedis = server.jedis()) {
            return jedis.info("cpu")
                    .lines()
                    .filter(line -> line.startsWith("used_cpu_sys:") || line.startsWith("used_cpu_user:"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                    .sum();
        }
    }

    private void prepare() throws Exception {
        try (Jedis jedis = server.jedis()) {
            Emptied.of(jedis);
        }
        if (replace) {
            deliver(ValueCheck.NONE);
        }
        System.gc();
    }

    private void deliver(ValueCheck check) throws Exception {
        RestoreResult sum = RestoreResult.NONE;
        Deque<CompletableFuture<RestoreResult>> flying = new ArrayDeque<>();
        try (RestorePipeline pipeline = new RestorePipeline(server.target(), 5000);
                BatchReader reader = new BatchReader(
                        Files.newInputStream(file),
                        RdbLimits.forThisHeap(),
                        BATCH_KEYS,
                        BATCH_BYTES,
                        IN_FLIGHT,
                        check)) {
            while (reader.hasNext()) {
                flying.add(pipeline.deliver(reader.next(), ConflictPolicy.REPLACE));
                while (!flying.isEmpty() && flying.peek().isDone()) {
                    sum = sum.plus(flying.remove().get());
                }
            }
            for (CompletableFuture<RestoreResult> result : flying) {
                sum = sum.plus(result.get());
            }
        }
        if (sum.failed() + sum.unsupported() > 0) {
            throw new IOException(sum.failures().get(0).reason());
        }
    }

    private void pipe() throws Exception {
        Process cli = new ProcessBuilder("redis-cli", "-p", Integer.toString(server.port()), "--pipe")
                .redirectInput(stream.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (cli.waitFor() != 0) {
            throw new IOException("redis-cli ended with status " + cli.exitValue());
        }
    }
}
