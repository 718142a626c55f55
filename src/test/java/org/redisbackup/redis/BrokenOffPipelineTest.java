package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

class BrokenOffPipelineTest {
    private static final String WHY = "nobody wants it any more";
    private static final int LONG_MILLIS = 600_000;

    @ParameterizedTest
    @MethodSource(SERVERS)
    void waitsForNoAnswer(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program);
                RestorePipeline pipeline = Imports.pipeline(server);
                Jedis jedis = server.jedis();
                BatchReader reader =
                        Imports.reader(new RdbFile(MAGIC).strings("key", 100).open(), LIMITS)) {
            jedis.clientPause(LONG_MILLIS, ClientPauseMode.WRITE);
            CompletableFuture<RestoreResult> result = pipeline.deliver(reader.next(), ConflictPolicy.REPLACE);
            Conditions.await(() -> jedis.clientList().contains(" name=redis-backup-import "));
            assertBrokenOff(pipeline, result, 100);
        }
    }

    /** A value of 64 MB of which the target has some, but takes no more. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void leavesNoPartOfAValue(RedisServers.Program program) throws Exception {
        byte[] value = new byte[64 << 20];
        try (RedisServer server = RedisServer.start(program);
                RestorePipeline pipeline = Imports.pipeline(server);
                BatchReader reader = Imports.reader(
                        new RdbFile(MAGIC).string("large", value).open(), new RdbLimits(1 << 20, 1 << 20, 1 << 20))) {
            CompletableFuture<RestoreResult> result;
            try (Jedis jedis = server.jedis()) {
                result = pipeline.deliver(reader.next(), ConflictPolicy.REPLACE);
                // it has begun to arrive: its memory is set aside before it is complete
                Conditions.await(() -> result.isDone() || inputBuffers(jedis) > 1 << 20);
            }
            pipeline.breakOff(WHY);
            Conditions.await(result::isDone);
            try (Jedis jedis = server.jedis()) {
                if (result.isCompletedExceptionally()) {
                    assertThat(jedis.exists("large")).isFalse();
                } else {
                    assertThat(jedis.strlen("large")).isEqualTo(value.length);
                }
            }
        }
    }

    private static long inputBuffers(Jedis jedis) {
        return jedis.clientList()
                .lines()
                .filter(line -> line.contains(" name=redis-backup-import "))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".* qbuf=(\\d+) .*", "$1")))
                .sum();
    }

    @Test
    void waitsForNoConnection() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RestorePipeline pipeline = new RestorePipeline(
                        new Target("127.0.0.1", silent.getLocalPort(), null, null, false), LONG_MILLIS);
                BatchReader reader =
                        Imports.reader(new RdbFile(MAGIC).strings("key", 10).open(), LIMITS)) {
            CompletableFuture<RestoreResult> result = pipeline.deliver(reader.next(), ConflictPolicy.REPLACE);
            try (Socket accepted = silent.accept()) {
                assertThat(accepted.getInputStream().read()).isPositive(); // it asks, and gets no answer
                assertBrokenOff(pipeline, result, 10);
            }
        }
    }

    private static void assertBrokenOff(RestorePipeline pipeline, CompletableFuture<RestoreResult> result, int keys)
            throws Exception {
        pipeline.breakOff(WHY);
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> Imports.await(result));
        assertThat(failure).hasMessage(WHY);
        assertThat(failure.result().failed()).isEqualTo(keys);
        try (BatchReader late =
                Imports.reader(new RdbFile(MAGIC).strings("late", 1).open(), LIMITS)) {
            CompletableFuture<RestoreResult> refused = pipeline.deliver(late.next(), ConflictPolicy.REPLACE);
            assertThat(catchThrowableOfType(DeliveryException.class, () -> Imports.await(refused)))
                    .hasMessageContaining("was closed before the keys were sent");
        }
    }
}
