package org.redisbackup.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.RestorePipeline;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.support.ManyStrings;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/**
 * What a key costs as the file grows: {@code ScalingBench MEGABYTES...} imports files of so many megabytes of strings of 1
 * KB, made while they are read, and prints time and processor time a key, and this process' memory.
 */
public final class ScalingBench {
    private static final int VALUE = 1000;
    private static final int BATCH_KEYS = 4096;
    private static final int BATCH_BYTES = 256 * 1024;
    private static final int IN_FLIGHT = 8;

    private ScalingBench() {}

    public static void main(String[] arguments) throws Exception {
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                Jedis jedis = server.jedis()) {
            ProcessUse use = new ProcessUse(ProcessHandle.current().pid());
            for (String megabytes : arguments) {
                long keys = Long.parseLong(megabytes) * 1_000_000 / VALUE;
                Emptied.of(jedis);
                use.look();
                double before = use.cpuSeconds();
                long start = System.nanoTime();
                RestoreResult result = deliver(server, keys);
                double wall = (System.nanoTime() - start) / 1e9;
                use.look();
                System.out.printf(
                        "%s MB, %,d keys: %.2f s, %.2f us a key, of the processor %.2f us; peak %d MB resident%n",
                        megabytes,
                        result.imported(),
                        wall,
                        wall * 1e6 / keys,
                        (use.cpuSeconds() - before) * 1e6 / keys,
                        use.peakBytes() >> 20);
            }
        }
    }

    private static RestoreResult deliver(RedisServer server, long keys) throws Exception {
        RestoreResult sum = RestoreResult.NONE;
        Deque<CompletableFuture<RestoreResult>> flying = new ArrayDeque<>();
        try (RestorePipeline pipeline = new RestorePipeline(server.target(), 5000);
                BatchReader reader = new BatchReader(
                        new ManyStrings(keys, VALUE),
                        RdbLimits.forThisHeap(),
                        BATCH_KEYS,
                        BATCH_BYTES,
                        IN_FLIGHT,
                        new ValueValidator())) {
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
        if (sum.imported() != keys) {
            throw new IOException(sum.counts().toString());
        }
        return sum;
    }
}
