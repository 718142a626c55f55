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
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;
import redis.clients.jedis.params.ClientKillParams;

class LostConnectionTest {
    private static final RdbFile FILE =
            new RdbFile(MAGIC).strings("a", 3000).db(3).strings("b", 2000);

    private static final Pace SILENT = Pace.standard(news -> {});

    private static BatchReader reader() {
        return new BatchReader(FILE.open(), LIMITS, 500, 1 << 20, 0);
    }

    private static List<CompletableFuture<RestoreResult>> deliverAll(RestorePipeline pipeline, BatchReader reader) {
        List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
        while (reader.hasNext()) {
            results.add(pipeline.deliver(reader.next(), ConflictPolicy.SKIP));
        }
        return results;
    }

    /** Client ids of the imports that are connected. */
    private static List<String> importers(Jedis jedis) {
        return jedis.clientList()
                .lines()
                .filter(line -> line.contains(" name=redis-backup-import "))
                .map(line -> line.replaceAll("^id=(\\d+) .*", "$1"))
                .toList();
    }

    /** Whether the server received a command that it may not execute while it is paused. */
    private static boolean isHeldBack(Jedis jedis) {
        return jedis.clientList()
                .lines()
                .anyMatch(line -> line.contains(" name=redis-backup-import ") && line.contains(" flags=b "));
    }

    private static RestoreResult importInPieces(RestorePipeline pipeline) throws Exception {
        try (BatchReader reader = reader()) {
            RestoreResult sum = RestoreResult.NONE;
            for (CompletableFuture<RestoreResult> result : deliverAll(pipeline, reader)) {
                sum = sum.plus(Imports.await(result));
            }
            return sum;
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void connectsAnewAfterTheServerCutIt(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (RestorePipeline pipeline = Imports.pipeline(server);
                Jedis jedis = server.jedis()) {
            assertThat(importInPieces(pipeline).imported()).isEqualTo(5000);
            List<String> before = importers(jedis);
            assertThat(before).hasSize(1);
            assertThat(jedis.clientKill(new ClientKillParams().id(before.get(0))))
                    .isEqualTo(1);
            Conditions.await(() -> importers(jedis).isEmpty());
            RestoreResult again = RestoreResult.NONE;
            while (again.skipped() == 0) { // until the end of the old connection was noticed
                try {
                    again = importInPieces(pipeline);
                } catch (DeliveryException e) {
                    assertThat(e).hasMessageContaining("was lost");
                }
            }
            // a batch sent into the cut is compared, and taken for sent
            assertThat(again.skipped() + again.imported()).isEqualTo(5000);
            assertThat(importers(jedis)).hasSize(1).doesNotContainAnyElementsOf(before);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void sendsAgainWhatAServerThatHungUpDidNotAnswer(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program);
                RestorePipeline pipeline = Imports.pipeline(server);
                Jedis jedis = server.jedis()) {
            importInPieces(pipeline);
            jedis.flushAll();
            jedis.clientPause(60_000, ClientPauseMode.WRITE);
            try (BatchReader reader = reader()) {
                List<CompletableFuture<RestoreResult>> results = deliverAll(pipeline, reader);
                Conditions.await(() -> isHeldBack(jedis));
                jedis.clientKill(new ClientKillParams().id(importers(jedis).get(0)));
                jedis.clientUnpause();
                RestoreResult sum = RestoreResult.NONE;
                for (CompletableFuture<RestoreResult> result : results) {
                    sum = sum.plus(Imports.await(result));
                }
                assertThat(sum.imported()).isEqualTo(5000);
                assertThat(sum.keys()).isEqualTo(5000);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void failsWhenTheServerEnds(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServer.start(program);
        try (RestorePipeline pipeline = new RestorePipeline(
                server.target(), 5000, Sender.ALONE, SILENT, Duration.ofMillis(200), 30_000, 30_000)) {
            assertThat(importInPieces(pipeline).imported()).isEqualTo(5000);
            server.close();
            DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> importInPieces(pipeline));
            assertThat(failure.result().failed()).isEqualTo(500);
            assertThat(failure).hasMessageContaining(server.target().address());
        }
    }

    @Test
    void waitsForAServerAsLongAsItLoads() throws Exception {
        List<String> news = new CopyOnWriteArrayList<>();
        try (RedisServer server = RedisServer.start(
                        RedisServers.embedded(),
                        ("--appendonly yes --appendfsync always --key-load-delay 400"
                                        + " --loading-process-events-interval-bytes 1024")
                                .split(" "));
                RestorePipeline pipeline = new RestorePipeline(
                        server.target(),
                        5000,
                        Sender.ALONE,
                        Pace.standard(news::add),
                        Duration.ofMillis(500), // and it loads for two seconds
                        30_000,
                        30_000)) {
            assertThat(importInPieces(pipeline).imported()).isEqualTo(5000);
            server.rewriteAppendOnlyFile();
            server.crashAndRecover();
            RestoreResult again = importInPieces(pipeline);
            // a batch sent into the crash is compared, and taken for sent
            assertThat(again.skipped() + again.imported()).isEqualTo(5000);
            assertThat(news)
                    .anyMatch(line -> line.endsWith(
                            "is still loading its own data; try again when it is done: it is tried again"))
                    .anyMatch(line -> line.contains("restarted, or another server took its place; it holds what was"))
                    .anyMatch(line -> line.endsWith("takes keys again: the import goes on"));
        }
    }

    @Test
    void failsWhenAServerForgotWhatItHadAcknowledged() throws Exception {
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                RestorePipeline pipeline = Imports.pipeline(server)) {
            assertThat(importInPieces(pipeline).imported()).isEqualTo(5000);
            server.crashAndRecover();
            DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> importInPieces(pipeline));
            assertThat(failure)
                    .hasMessage(server.target().address() + " restarted, or another server took its place, and what it"
                            + " had acknowledged is lost, such as the key \"b1999\" of database 3; let it keep its data,"
                            + " and import again (under the conflict policy skip, only what is missing is written)");
            assertThat(failure.result().failed()).isEqualTo(500);
            assertThat(importInPieces(pipeline).imported()).as("said once").isEqualTo(5000);
        }
    }

    @Test
    void givesUpATargetThatOwesAnswersAndIsSilent() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        try (RestorePipeline pipeline =
                        new RestorePipeline(server.target(), 5000, Sender.ALONE, SILENT, Duration.ZERO, 30_000, 100);
                Jedis jedis = server.jedis()) {
            importInPieces(pipeline);
            jedis.clientPause(60_000, ClientPauseMode.WRITE);
            try {
                DeliveryException failure =
                        catchThrowableOfType(DeliveryException.class, () -> importInPieces(pipeline));
                assertThat(failure).hasMessageContaining("was lost (it owes answers and is silent)");
                assertThat(failure.result().failed()).isEqualTo(500);
            } finally {
                jedis.clientUnpause();
            }
        }
    }

    @Test
    void disconnectsWhenItWasIdle() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        try (RestorePipeline pipeline =
                        new RestorePipeline(server.target(), 5000, Sender.ALONE, SILENT, Duration.ZERO, 50, 30_000);
                Jedis jedis = server.jedis()) {
            assertThat(pipeline.isIdle()).isTrue();
            assertThat(importInPieces(pipeline).imported()).isEqualTo(5000);
            Conditions.await(pipeline::isIdle);
            Conditions.await(() -> importers(jedis).isEmpty());
            assertThat(importInPieces(pipeline).skipped()).isEqualTo(5000);
        }
    }

    @Test
    void deliversWhatIsQueuedBeforeItCloses() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        RestorePipeline pipeline = Imports.pipeline(server);
        try (BatchReader reader = reader()) {
            List<CompletableFuture<RestoreResult>> results = deliverAll(pipeline, reader);
            pipeline.close();
            RestoreResult sum = RestoreResult.NONE;
            for (CompletableFuture<RestoreResult> result : results) {
                sum = sum.plus(result.getNow(RestoreResult.NONE));
            }
            assertThat(sum.imported()).isEqualTo(5000);
        }
        DeliveryException failure = catchThrowableOfType(DeliveryException.class, () -> importInPieces(pipeline));
        assertThat(failure)
                .hasMessage("The pipeline to " + server.target().address() + " was closed before the keys were sent");
        assertThat(failure.result().failed()).isEqualTo(500);
    }
}
