package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisSentinel;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

class SentinelImportTest {
    private static final String LIBRARY = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";
    private static final int KEYS = 20_000;
    private static final RdbFile FILE =
            new RdbFile(MAGIC).function(LIBRARY).strings("a", KEYS / 2).db(3).strings("b", KEYS / 2);

    private static List<CompletableFuture<RestoreResult>> deliver(
            KeyPipeline pipeline, BatchReader reader, int batches) {
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        while (results.size() < batches && reader.hasNext()) {
            results.add(pipeline.deliver(reader.next(), ConflictPolicy.FAIL));
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

    private static boolean isHeldBack(Jedis jedis) {
        return jedis.clientList()
                .lines()
                .anyMatch(line -> line.contains(" name=redis-backup-import ") && line.contains(" flags=b "));
    }

    private static long keys(Jedis jedis) {
        long keys = 0;
        for (int db : new int[] {0, 3}) {
            jedis.select(db);
            keys += jedis.dbSize();
        }
        return keys;
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void followsAFailover(RedisServers.Program program) throws Exception {
        try (RedisServer dying = RedisServer.start(program, "--repl-diskless-sync-delay", "0");
                RedisServer heir = RedisServer.start(program, "--replicaof", "127.0.0.1 " + dying.port());
                RedisSentinel sentinel = RedisSentinel.start(program, dying);
                KeyPipeline pipeline = KeyPipeline.to(
                        Target.parse("redis-sentinel://127.0.0.1:1,127.0.0.1:" + sentinel.port() + "/"
                                + RedisSentinel.PRIMARY),
                        5000);
                BatchReader reader = new BatchReader(FILE.open(), Imports.LIMITS, 1000, 1 << 20, 0)) {
            RestoreResult sum = sum(deliver(pipeline, reader, 7));
            List<CompletableFuture<RestoreResult>> rest;
            try (Jedis primary = dying.jedis();
                    Jedis replica = heir.jedis()) {
                primary.clientPause(600_000, ClientPauseMode.WRITE);
                rest = deliver(pipeline, reader, 100);
                Conditions.await(() -> isHeldBack(primary));
                long written = keys(primary);
                Conditions.await(() -> keys(replica) == written);
            }
            dying.kill();
            sum = sum.plus(sum(rest));
            assertThat(sum.imported()).isEqualTo(KEYS);
            assertThat(sum.keys()).isEqualTo(KEYS);
            assertThat(sum.functions()).isEqualTo(1);
            try (Jedis jedis = heir.jedis()) {
                assertThat(keys(jedis)).isEqualTo(KEYS);
            }
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                RedisServer replica =
                        RedisServer.start(RedisServers.embedded(), "--replicaof", "127.0.0.1 " + server.port());
                RedisSentinel sentinel = RedisSentinel.start(RedisServers.embedded(), server)) {
            assertThat(replica.port()).isPositive();
            String address = "127.0.0.1:" + sentinel.port();
            assertThat(failure("redis-sentinel://" + address + "/other"))
                    .isEqualTo(address + " watches no primary of the name other; check the name, and that it is a"
                            + " Sentinel");
            assertThat(failure("redis-sentinel://" + server.target().address() + "/mine"))
                    .isEqualTo(server.target().address()
                            + " is no Sentinel; name Sentinels, or import with the mode standalone");
            assertThat(failure("redis://" + address)).contains("is a Sentinel, which holds no keys");
            assertThat(failure("redis-sentinel://127.0.0.1:1/mine"))
                    .startsWith("Nothing accepts connections at 127.0.0.1:1 ");
        }
    }

    private static String failure(String url) {
        try (KeyPipeline pipeline = KeyPipeline.to(Target.parse(url), 5000)) {
            DeliveryException failure = catchThrowableOfType(
                    DeliveryException.class,
                    () -> Imports.all(pipeline, new RdbFile(MAGIC).strings("key", 10), ConflictPolicy.FAIL));
            assertThat(failure.result().failed()).isEqualTo(10);
            return failure.getMessage();
        }
    }
}
