package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisCluster;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Servers with less memory than the keys need, and limits that would hold an import up for days. */
class PacedPipelineTest {
    private static final int CONNECT_MILLIS = 5000;
    private static final int KEYS = 30_000;
    private static final String MEMORY = "12mb";
    private static final RdbFile FILE = file();

    private final List<String> news = new CopyOnWriteArrayList<>();

    private static RdbFile file() {
        RdbFile file = new RdbFile(Imports.MAGIC);
        byte[] value = new byte[1000];
        for (int i = 0; i < KEYS; i++) {
            file.string("key:" + i, value);
        }
        return file;
    }

    private static RedisServer server(String policy) throws IOException {
        return RedisServer.start(
                RedisServers.embedded(), "--maxmemory", MEMORY, "--maxmemory-policy", policy, "--appendonly", "no");
    }

    private Pace pace(RateLimits limits, int percent, Duration pauseLimit) {
        return new Pace(limits, percent, pauseLimit, news::add);
    }

    private static KeyPipeline pipeline(RedisServer server, Pace pace) {
        return KeyPipeline.to(server.target(), CONNECT_MILLIS, Sender.ALONE, pace);
    }

    private static CompletableFuture<RestoreResult> imported(KeyPipeline pipeline) {
        return imported(pipeline, ConflictPolicy.REPLACE);
    }

    private static CompletableFuture<RestoreResult> imported(KeyPipeline pipeline, ConflictPolicy policy) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return Imports.all(pipeline, FILE, policy);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String digest(Jedis jedis) {
        return new String(
                (byte[]) jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.UTF_8), "DIGEST"),
                StandardCharsets.UTF_8);
    }

    private static String stat(Jedis jedis, String name) {
        return TargetClient.fields(jedis.info("stats")).get(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"noeviction", "allkeys-lru"})
    void pausesBeforeTheMemoryIsFull(String policy) throws Exception {
        Pace pace = pace(RateLimits.NONE, 95, Duration.ofHours(1));
        try (RedisServer server = server(policy);
                KeyPipeline pipeline = pipeline(server, pace);
                Jedis jedis = server.jedis()) {
            CompletableFuture<RestoreResult> result = imported(pipeline);
            Conditions.await(() -> pace.paused() != null);
            assertThat(news).containsExactly(pace.paused());
            assertThat(pace.paused())
                    .contains("127.0.0.1:" + server.port())
                    .contains("of its maxmemory of 12.6 MB, more than 95 %: the import pauses");
            assertThat(jedis.dbSize()).isPositive().isLessThan(KEYS);
            assertThat(stat(jedis, "evicted_keys")).isEqualTo("0");
            jedis.configSet("maxmemory", "0");
            assertThat(result.get().imported()).isEqualTo(KEYS);
            assertThat(pace.paused()).isNull();
            assertThat(news).hasSize(2).last().asString().endsWith("has no maxmemory: the import goes on");
            String digest = digest(jedis);
            jedis.flushAll();
            Imports.all(server, FILE, ConflictPolicy.REPLACE);
            assertThat(digest(jedis)).isEqualTo(digest);
        }
    }

    @Test
    void failsAfterAPauseThatIsTooLong() throws Exception {
        Pace pace = pace(RateLimits.NONE, 95, Duration.ZERO);
        try (RedisServer server = server("noeviction");
                KeyPipeline pipeline = pipeline(server, pace);
                Jedis jedis = server.jedis()) {
            CompletableFuture<RestoreResult> result = imported(pipeline);
            assertThat(result)
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableOfType(Exception.class)
                    .havingRootCause()
                    .isInstanceOf(DeliveryException.class)
                    .withMessageContaining("for 0 seconds; free memory or raise maxmemory there");
            assertThat(jedis.dbSize()).isPositive();
            assertThat(jedis.info("errorstats")).doesNotContain("OOM");
        }
    }

    @Test
    void isBrokenOffInAPause() throws Exception {
        Pace pace = pace(RateLimits.NONE, 95, Duration.ofHours(1));
        try (RedisServer server = server("noeviction");
                KeyPipeline pipeline = pipeline(server, pace)) {
            CompletableFuture<RestoreResult> result = imported(pipeline);
            Conditions.await(() -> pace.paused() != null);
            pipeline.breakOff("enough");
            assertThat(result)
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableOfType(Exception.class)
                    .havingRootCause()
                    .withMessage("enough");
        }
    }

    /** What a pipeline without a look at the memory meets, as one does between two looks. */
    private static RestorePipeline unpaced(RedisServer server, Pace pace) {
        return new RestorePipeline(server.target(), CONNECT_MILLIS, Sender.ALONE, pace);
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void whatIsRefusedIsSentAgainWhenThereIsRoom(ConflictPolicy policy) throws Exception {
        Pace pace = pace(RateLimits.NONE, 95, Duration.ofHours(1));
        try (RedisServer server = server("noeviction");
                KeyPipeline pipeline = unpaced(server, pace);
                Jedis jedis = server.jedis()) {
            CompletableFuture<RestoreResult> result = imported(pipeline, policy);
            Conditions.await(() -> pace.paused() != null);
            assertThat(news).containsExactly(pace.paused());
            assertThat(pace.paused())
                    .startsWith(server.target().address() + " is out of memory; free some")
                    .endsWith("its policy noeviction: the import pauses until there is room");
            long refused = refusals(jedis);
            Conditions.await(() -> refusals(jedis) > refused); // it was tried again
            assertThat(jedis.dbSize()).isPositive().isLessThan(KEYS);
            assertThat(result).isNotDone();
            jedis.configSet("maxmemory", "0");
            assertThat(result.get().imported()).isEqualTo(KEYS);
            assertThat(result.get().keys()).isEqualTo(KEYS);
            assertThat(jedis.dbSize()).isEqualTo(KEYS);
            assertThat(pace.paused()).isNull();
            assertThat(news).hasSize(2).last().asString().endsWith("the import goes on");
        }
    }

    private static long refusals(Jedis jedis) {
        String count = TargetClient.fields(jedis.info("errorstats")).getOrDefault("errorstat_OOM", "count=0");
        return Long.parseLong(count.substring("count=".length()));
    }

    @Test
    void whatIsRefusedForTooLongFails() throws Exception {
        Pace pace = pace(RateLimits.NONE, 95, Duration.ofMillis(1));
        try (RedisServer server = server("noeviction");
                KeyPipeline pipeline = unpaced(server, pace);
                Jedis jedis = server.jedis()) {
            assertThat(imported(pipeline, ConflictPolicy.REPLACE))
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableOfType(Exception.class)
                    .havingRootCause()
                    .isInstanceOf(DeliveryException.class)
                    .withMessageContaining("is out of memory");
            assertThat(jedis.dbSize()).isPositive();
            assertThat(news).hasSize(1);
        }
    }

    @Test
    void whatIsRefusedIsGivenUpWhenTheImportIsBrokenOff() throws Exception {
        Pace pace = pace(RateLimits.NONE, 95, Duration.ofHours(1));
        try (RedisServer server = server("noeviction");
                KeyPipeline pipeline = unpaced(server, pace)) {
            CompletableFuture<RestoreResult> result = imported(pipeline, ConflictPolicy.REPLACE);
            Conditions.await(() -> pace.paused() != null);
            pipeline.breakOff("enough");
            assertThat(result)
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableOfType(Exception.class)
                    .havingRootCause()
                    .withMessage("enough");
        }
    }

    @Test
    void aNodeOfAClusterThatIsFullIsWaitedFor() throws Exception {
        Pace pace = pace(RateLimits.NONE, 95, Duration.ofHours(1));
        try (RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false);
                KeyPipeline pipeline = new RoutedPipeline(
                        cluster.target(),
                        new ClusterTopology(cluster.target(), CONNECT_MILLIS),
                        CONNECT_MILLIS,
                        Sender.ALONE,
                        pace);
                Jedis full = cluster.primaries().get(1).jedis()) {
            full.configSet("maxmemory", "3mb");
            CompletableFuture<RestoreResult> result = imported(pipeline, ConflictPolicy.FAIL);
            Conditions.await(() -> pace.paused() != null);
            assertThat(result).isNotDone();
            full.configSet("maxmemory", "0");
            assertThat(result.get().imported()).isEqualTo(KEYS);
            assertThat(pace.paused()).isNull();
        }
    }

    @Test
    void neverPausesWithoutAShareOfTheMemory() throws Exception {
        Pace pace = pace(RateLimits.NONE, 0, Duration.ofHours(1));
        try (RedisServer server = server("noeviction");
                KeyPipeline pipeline = pipeline(server, pace)) {
            assertThat(imported(pipeline))
                    .failsWithin(Duration.ofMinutes(1))
                    .withThrowableOfType(Exception.class)
                    .havingRootCause()
                    .withMessageContaining("is out of memory");
            assertThat(news).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void limitsHoldUntilTheyAreChanged(boolean ofKeys) throws Exception {
        Pace pace = pace(ofKeys ? new RateLimits(1, 0) : new RateLimits(0, 1), 95, Duration.ofHours(1));
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                KeyPipeline pipeline = pipeline(server, pace);
                Jedis jedis = server.jedis()) {
            CompletableFuture<RestoreResult> result = imported(pipeline);
            long first = Conditions.await(jedis::dbSize, size -> size > 0);
            assertThat(first).as("one batch").isLessThanOrEqualTo(1000);
            assertThat(result).isNotDone();
            pace.limit(RateLimits.NONE);
            assertThat(result.get().imported()).isEqualTo(KEYS);
        }
    }

    private static final RateLimits SOON = new RateLimits(0, 0, 2);

    /** Counts the batches that are in flight at the same time, and keeps them there until a gate opens. */
    private static final class Gated implements KeyPipeline {
        private final KeyPipeline pipeline;
        private final AtomicInteger inFlight = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private volatile CompletableFuture<Void> gate = new CompletableFuture<>();

        Gated(KeyPipeline pipeline) {
            this.pipeline = pipeline;
        }

        /** Lets go what is in flight, and counts what comes to the next gate. */
        void open() {
            CompletableFuture<Void> opened = gate;
            gate = new CompletableFuture<>();
            most.set(0);
            opened.complete(null);
        }

        @Override
        public CompletableFuture<RestoreResult> deliver(KeyBatch batch, DeliveryRules rules) {
            int now = inFlight.incrementAndGet();
            most.accumulateAndGet(now, Math::max);
            return gate.thenCompose(opened -> pipeline.deliver(batch, rules))
                    .whenComplete((result, failure) -> inFlight.decrementAndGet());
        }

        @Override
        public CompletableFuture<RestoreResult> deliver(CommandBatch batch) {
            return pipeline.deliver(batch);
        }

        @Override
        public boolean isIdle() {
            return pipeline.isIdle();
        }

        @Override
        public void breakOff(String reason) {
            pipeline.breakOff(reason);
        }

        @Override
        public void close() {
            pipeline.close();
        }
    }

    @Test
    void goesSlowerWhileOtherClientsWait() throws Exception {
        Pace pace = pace(SOON, 0, Duration.ofHours(1));
        AtomicReference<Duration> answer = new AtomicReference<>(Duration.ofDays(1));
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                Gated gated = new Gated(unpaced(server, pace));
                KeyPipeline pipeline = new PacedPipeline(
                        server.target(),
                        gated,
                        new TargetGauge(server.target(), CONNECT_MILLIS),
                        answer::get,
                        pace,
                        InstantSource.system())) {
            CompletableFuture<RestoreResult> result = imported(pipeline);
            Conditions.await(() -> pace.paused() != null);
            assertThat(pace.paused())
                    .isEqualTo(server.target().address() + " answers in 86400000 ms, more than the 2 that are allowed:"
                            + " the import goes at its slowest");
            gated.open();
            Conditions.await(() -> gated.most.get() > 0);
            answer.set(Duration.ofMillis(2));
            Conditions.await(() -> pace.paused() == null);
            assertThat(gated.most).hasValue(1);
            answer.set(Duration.ofDays(1));
            Conditions.await(() -> pace.paused() != null);
            assertThat(gated.most).hasValue(1);
            pace.limit(RateLimits.NONE);
            gated.open();
            Conditions.await(() -> gated.most.get() > 1);
            assertThat(pace.paused()).isNull();
            assertThat(result).isNotDone();
            gated.gate.complete(null);
            assertThat(result.get().imported()).isEqualTo(KEYS);
        }
    }

    @Test
    void goesSlowerWhileTheTargetIsSlowAndFasterAfterwards() throws Exception {
        Pace pace = pace(new RateLimits(0, 0, 5), 95, Duration.ofHours(1));
        AtomicBoolean slow = new AtomicBoolean(true);
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                KeyPipeline pipeline = pipeline(server, pace);
                Jedis jedis = server.jedis()) {
            CountDownLatch asleep = new CountDownLatch(1);
            CompletableFuture<Void> sleeps = CompletableFuture.runAsync(() -> keepAsleep(server, slow, asleep));
            asleep.await();
            CompletableFuture<RestoreResult> result = imported(pipeline);
            Conditions.await(() -> pace.paused() != null);
            slow.set(false);
            sleeps.get();
            Conditions.await(() -> pace.paused() == null);
            assertThat(result).isNotDone();
            pace.limit(RateLimits.NONE);
            assertThat(result.get().imported()).isEqualTo(KEYS);
            assertThat(result.get().keys()).isEqualTo(KEYS);
            assertThat(jedis.dbSize()).isEqualTo(KEYS);
        }
    }

    @Test
    void aNodeOfAClusterThatIsSlowIsHeard() throws Exception {
        AtomicBoolean slow = new AtomicBoolean(true);
        try (RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false);
                TargetGauge gauge = new TargetGauge(cluster.target(), CONNECT_MILLIS)) {
            CompletableFuture<Void> sleeps = CompletableFuture.runAsync(
                    () -> keepAsleep(cluster.primaries().get(1), slow, new CountDownLatch(1)));
            Conditions.await(() -> gauge.longestAnswer().toMillis() > 25);
            slow.set(false);
            sleeps.get();
        }
    }

    private static void keepAsleep(RedisServer server, AtomicBoolean slow, CountDownLatch asleep) {
        try (Jedis jedis = server.jedis()) {
            while (slow.get()) {
                jedis.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.UTF_8), "SLEEP", "0.05");
                asleep.countDown();
            }
        }
    }
}
