package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisCluster;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.MigrateParams;

/** Imports into clusters that change meanwhile: slots move, primaries die. */
class ClusterChangeTest {
    private static final int KEYS = 30_000;
    private static final int MOVED_SLOTS = 500;
    private static final RdbFile FILE = new RdbFile(MAGIC).strings("key", KEYS);

    private static KeyPipeline pipeline(RedisCluster cluster) {
        return KeyPipeline.to(cluster.target(), 5000);
    }

    private static BatchReader reader(RdbFile file) {
        return new BatchReader(file.open(), new RdbLimits(1 << 20, 1 << 20, 1 << 20), 1000, 1 << 20, 0);
    }

    private static List<CompletableFuture<RestoreResult>> deliver(
            KeyPipeline pipeline, BatchReader reader, int batches, ConflictPolicy policy) {
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        while (results.size() < batches && reader.hasNext()) {
            results.add(pipeline.deliver(reader.next(), policy));
        }
        return results;
    }

    private static RestoreResult sum(List<CompletableFuture<RestoreResult>> results) throws DeliveryException {
        RestoreResult sum = RestoreResult.NONE;
        for (CompletableFuture<RestoreResult> result : results) {
            sum = sum.plus(Imports.await(result));
        }
        return sum;
    }

    private static long keys(List<RedisServer> nodes) {
        long keys = 0;
        for (RedisServer node : nodes) {
            try (Jedis jedis = node.jedis()) {
                keys += jedis.dbSize();
            }
        }
        return keys;
    }

    /** Slots on their way from one node to another. */
    private record Move(RedisServer from, RedisServer to, int first, int count) {
        void begin() {
            try (Jedis source = from.jedis();
                    Jedis target = to.jedis()) {
                for (int slot = first; slot < first + count; slot++) {
                    target.clusterSetSlotImporting(slot, RedisCluster.id(from));
                    source.clusterSetSlotMigrating(slot, RedisCluster.id(to));
                }
            }
        }

        long keysArrived() {
            long keys = 0;
            try (Jedis target = to.jedis()) {
                for (int slot = first; slot < first + count; slot++) {
                    keys += target.clusterCountKeysInSlot(slot);
                }
            }
            return keys;
        }

        void end() {
            String owner = RedisCluster.id(to);
            try (Jedis source = from.jedis();
                    Jedis target = to.jedis()) {
                for (int slot = first; slot < first + count; slot++) {
                    for (List<String> keys = source.clusterGetKeysInSlot(slot, 100);
                            !keys.isEmpty();
                            keys = source.clusterGetKeysInSlot(slot, 100)) {
                        source.migrate("127.0.0.1", to.port(), 5000, new MigrateParams(), keys.toArray(String[]::new));
                    }
                    target.clusterSetSlotNode(slot, owner);
                    source.clusterSetSlotNode(slot, owner);
                }
            }
        }
    }

    /** While slots move, and after they did; a third of the keys is there before. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void losesNoKeyWhenSlotsMove(RedisServers.Program program) throws Exception {
        try (RedisCluster cluster = RedisCluster.start(program, false);
                KeyPipeline pipeline = pipeline(cluster)) {
            RdbFile before = new RdbFile(MAGIC).strings("key", KEYS / 3);
            assertThat(Imports.all(pipeline, before, ConflictPolicy.FAIL).imported())
                    .isEqualTo(KEYS / 3);
            Move move = new Move(cluster.primaries().get(0), cluster.primaries().get(1), 0, MOVED_SLOTS);
            move.begin();
            try (BatchReader reader = reader(FILE)) {
                RestoreResult sum = sum(deliver(pipeline, reader, 20, ConflictPolicy.REPLACE));
                assertThat(move.keysArrived()).isPositive(); // by ASK
                List<CompletableFuture<RestoreResult>> rest = deliver(pipeline, reader, 100, ConflictPolicy.REPLACE);
                move.end();
                sum = sum.plus(sum(rest));
                assertThat(sum.replaced()).isEqualTo(KEYS / 3);
                assertThat(sum.imported()).isEqualTo(KEYS - KEYS / 3);
            }
            assertThat(keys(cluster.primaries())).isEqualTo(KEYS);
            assertThat(Imports.all(pipeline, FILE, ConflictPolicy.SKIP).skipped())
                    .isEqualTo(KEYS); // by MOVED
            assertThat(keys(cluster.primaries())).isEqualTo(KEYS);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void streamsLargeValuesIntoSlotsThatMove(RedisServers.Program program) throws Exception {
        try (RedisCluster cluster = RedisCluster.start(program, false);
                KeyPipeline pipeline = pipeline(cluster)) {
            Imports.all(pipeline, new RdbFile(MAGIC).string("{key}before", "1"), ConflictPolicy.FAIL);
            int slot = HashSlot.of(new byte[] {'k', 'e', 'y'}, 0, 3);
            RedisServer owner = cluster.primaries().stream()
                    .filter(node -> cluster.serves(node, slot))
                    .findFirst()
                    .orElseThrow();
            RedisServer other = cluster.primaries().stream()
                    .filter(node -> !node.equals(owner))
                    .findFirst()
                    .orElseThrow();
            Move move = new Move(owner, other, slot, 1);
            move.begin();
            try (BatchReader asked = reader(new RdbFile(MAGIC).string("{key}asked", new byte[3 << 20]))) {
                assertThat(sum(deliver(pipeline, asked, 9, ConflictPolicy.REPLACE))
                                .imported())
                        .isEqualTo(1);
            }
            assertThat(move.keysArrived()).isEqualTo(1);
            move.end();
            try (BatchReader moved = reader(new RdbFile(MAGIC).string("{key}moved", new byte[3 << 20]))) {
                assertThat(sum(deliver(pipeline, moved, 9, ConflictPolicy.REPLACE))
                                .imported())
                        .isEqualTo(1);
            }
            assertThat(move.keysArrived()).isEqualTo(3);
        }
    }

    /** While a slot is on its way nobody can rename, so the key waits until the slot has arrived. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void rebuildsValuesOfSlotsThatMove(RedisServers.Program program) throws Exception {
        try (RedisCluster cluster = RedisCluster.start(program, false);
                KeyPipeline pipeline = pipeline(cluster)) {
            Imports.all(pipeline, new RdbFile(MAGIC).string("{key}before", "1"), ConflictPolicy.FAIL);
            int slot = HashSlot.of(new byte[] {'k', 'e', 'y'}, 0, 3);
            RedisServer owner = cluster.primaries().stream()
                    .filter(node -> cluster.serves(node, slot))
                    .findFirst()
                    .orElseThrow();
            RedisServer other = cluster.primaries().stream()
                    .filter(node -> !node.equals(owner))
                    .findFirst()
                    .orElseThrow();
            Move move = new Move(owner, other, slot, 1);
            move.begin();
            RdbFile file = new RdbFile(MAGIC);
            for (int i = 0; i < 10; i++) {
                file.record(2, "{key}" + i).raw((byte) 1).text(new byte[] {'x'});
            }
            try (BatchReader reader = reader(file);
                    Jedis arriving = other.jedis()) {
                arriving.configResetStat();
                CompletableFuture<RestoreResult> result =
                        pipeline.deliver(reader.next(), Imports.rebuilding(ConflictPolicy.REPLACE));
                Conditions.await(() -> arriving.info("commandstats").contains("cmdstat_renamenx"));
                move.end();
                assertThat(Imports.await(result).imported()).isEqualTo(10);
                Conditions.await(() -> arriving.dbSize() == 11);
                assertThat(arriving.keys("*")).noneMatch(key -> key.startsWith(TemporaryKey.PREFIX));
            }
            assertThat(keys(cluster.primaries())).isEqualTo(11);
        }
    }

    /** A primary dies that executes nothing of what it was sent; what it answered for has reached its replica. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void followsAFailover(RedisServers.Program program) throws Exception {
        try (RedisCluster cluster = RedisCluster.start(program, true);
                KeyPipeline pipeline = pipeline(cluster);
                BatchReader reader = reader(FILE)) {
            RedisServer dying = cluster.primaries().get(1);
            RedisServer heir = cluster.replicaOf(dying);
            RestoreResult sum = sum(deliver(pipeline, reader, 10, ConflictPolicy.FAIL));
            List<CompletableFuture<RestoreResult>> rest;
            try (Jedis primary = dying.jedis();
                    Jedis replica = heir.jedis()) {
                primary.clientPause(600_000, ClientPauseMode.WRITE);
                rest = deliver(pipeline, reader, 100, ConflictPolicy.FAIL);
                Conditions.await(() -> isHeldBack(primary));
                long written = primary.dbSize();
                Conditions.await(() -> replica.dbSize() == written);
            }
            dying.kill();
            sum = sum.plus(sum(rest));
            assertThat(sum.imported()).isEqualTo(KEYS);
            assertThat(sum.keys()).isEqualTo(KEYS);
            assertThat(keys(List.of(
                            cluster.primaries().get(0),
                            heir,
                            cluster.primaries().get(2))))
                    .isEqualTo(KEYS);
        }
    }

    /** Whether the server received a command that it may not execute while it is paused. */
    private static boolean isHeldBack(Jedis jedis) {
        return jedis.clientList()
                .lines()
                .anyMatch(line -> line.contains(" name=redis-backup-import ") && line.contains(" flags=b "));
    }

    @Test
    void waitsForAClusterThatIsDown() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false);
                KeyPipeline pipeline = pipeline(cluster);
                Jedis node = cluster.primaries().get(0).jedis()) {
            Imports.all(pipeline, new RdbFile(MAGIC).strings("before", 100), ConflictPolicy.FAIL);
            node.clusterDelSlots(0); // an incomplete cluster is down, as far as this node can tell
            Conditions.await(() -> node.clusterInfo().contains("cluster_state:fail"));
            try (BatchReader reader = reader(FILE)) {
                List<CompletableFuture<RestoreResult>> results =
                        deliver(pipeline, reader, Integer.MAX_VALUE, ConflictPolicy.FAIL);
                Conditions.await(() -> node.info("errorstats").contains("errorstat_CLUSTERDOWN"));
                node.clusterAddSlots(0);
                assertThat(sum(results).imported()).isEqualTo(KEYS);
            }
            assertThat(keys(cluster.primaries())).isEqualTo(KEYS + 100L);
        }
    }

    @Test
    void waitsForANodeThatIsBusyWithAScript() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false, "--lua-time-limit", "20");
                KeyPipeline pipeline = pipeline(cluster);
                Jedis node = cluster.primaries().get(0).jedis();
                Jedis script = cluster.primaries().get(0).jedis()) {
            Imports.all(pipeline, new RdbFile(MAGIC).strings("before", 100), ConflictPolicy.FAIL);
            CompletableFuture<Void> endless = CompletableFuture.runAsync(() -> {
                try {
                    script.eval("while true do end");
                } catch (JedisException e) {
                    // it is killed
                }
            });
            Conditions.await(() -> isBusy(node));
            try (BatchReader reader = reader(FILE)) {
                List<CompletableFuture<RestoreResult>> results =
                        deliver(pipeline, reader, Integer.MAX_VALUE, ConflictPolicy.FAIL);
                List<RedisServer> others = cluster.primaries().subList(1, 3);
                Conditions.await(() -> keys(others) > KEYS / 2); // so this one was sent its keys too
                node.scriptKill();
                endless.join();
                assertThat(sum(results).imported()).isEqualTo(KEYS);
            }
            assertThat(keys(cluster.primaries())).isEqualTo(KEYS + 100L);
        }
    }

    private static boolean isBusy(Jedis node) {
        try {
            node.ping();
            return false;
        } catch (JedisException e) {
            return e.getMessage().startsWith("BUSY");
        }
    }

    @Test
    void givesUpSlotsThatNobodyTakesOver() throws Exception {
        try (RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false)) {
            Target target = cluster.target();
            try (KeyPipeline pipeline = new RoutedPipeline(
                    target,
                    new ClusterTopology(target, 5000),
                    5000,
                    Sender.ALONE,
                    Pace.none(),
                    Duration.ofMillis(1500))) {
                Imports.all(pipeline, new RdbFile(MAGIC).strings("before", 100), ConflictPolicy.FAIL);
                cluster.primaries().get(2).kill();
                try (BatchReader reader = Imports.reader(FILE.open(), LIMITS)) {
                    CompletableFuture<RestoreResult> result = pipeline.deliver(reader.next(), ConflictPolicy.FAIL);
                    DeliveryException failure =
                            catchThrowableOfType(DeliveryException.class, () -> Imports.await(result));
                    assertThat(failure).hasMessageStartingWith("The keys could not be delivered within 1 s: ");
                    assertThat(failure.result().keys()).isEqualTo(1000);
                    assertThat(failure.result().failed()).isBetween(200L, 1000L);
                    assertThat(failure.result().imported())
                            .isEqualTo(imported(cluster.primaries().subList(0, 2)));
                }
            }
        }
    }

    /** Keys of {@link #FILE}, of which the server can be asked although its cluster is down. */
    private static long imported(List<RedisServer> nodes) {
        long keys = 0;
        for (RedisServer node : nodes) {
            try (Jedis jedis = node.jedis()) {
                jedis.configSet("cluster-require-full-coverage", "no");
                keys += jedis.keys("key*").size();
            }
        }
        return keys;
    }
}
