package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.LIMITS;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.aof.AofPart;
import org.redisbackup.aof.AofReader;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** Targets that have taken keys, and refuse what stands between keys: databases and code. */
class RefusalInMidImportTest {
    private static final RdbFile BEFORE =
            new RdbFile(MAGIC).strings("a", 300).db(3).strings("b", 200);
    private static final RdbFile AFTER =
            new RdbFile(MAGIC).strings("c", 300).db(3).strings("d", 200);
    private static final String LIBRARY = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";

    private static Target importer(RedisServer server, Jedis jedis) {
        jedis.aclSetUser("importer", "on", ">secret", "~*", "+@all");
        Target target = server.target();
        return new Target(target.host(), target.port(), "importer", Secret.of("secret"), false);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void noKeyLandsInAnotherDatabaseWhenNoneMayBeSelectedAnyMore(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program);
                Jedis jedis = server.jedis();
                RestorePipeline pipeline = new RestorePipeline(importer(server, jedis), 5000)) {
            assertThat(Imports.all(pipeline, BEFORE, ConflictPolicy.REPLACE).imported())
                    .isEqualTo(500);
            jedis.aclSetUser("importer", "-select");
            DeliveryException failure = catchThrowableOfType(
                    DeliveryException.class, () -> Imports.all(pipeline, AFTER, ConflictPolicy.REPLACE));
            assertThat(failure).hasMessageContaining("SELECT").hasMessageContaining("NOPERM");
            assertThat(failure.result().keys()).isEqualTo(500);
            assertThat(jedis.dbSize() - 300 + sizeOf(jedis, 3) - 200)
                    .isEqualTo(failure.result().imported());
            assertThat(jedis.keys("c*")).isEmpty(); // database 3
            jedis.select(0);
            assertThat(jedis.keys("d*")).isEmpty();
        }
    }

    private static long sizeOf(Jedis jedis, int db) {
        jedis.select(db);
        return jedis.dbSize();
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void codeThatMayNotBeLoadedAnyMoreIsCounted(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program);
                Jedis jedis = server.jedis();
                RestorePipeline pipeline = new RestorePipeline(importer(server, jedis), 5000)) {
            Imports.all(pipeline, BEFORE, ConflictPolicy.REPLACE);
            jedis.aclSetUser("importer", "-function");
            RestoreResult result = Imports.all(
                    pipeline, new RdbFile(MAGIC).function(LIBRARY).strings("c", 300), ConflictPolicy.REPLACE);
            assertThat(result.failedFunctions()).isEqualTo(1);
            assertThat(result.failures().get(0).reason()).contains("the target refused the library", "NOPERM");
            assertThat(result.imported()).isEqualTo(300);
        }
    }

    @Test
    void codeIsLoadedWhenTheTargetIsNotBusyAnyMore() throws Exception {
        RestoreResult result = imported(
                BEFORE,
                pipeline -> Imports.all(
                        pipeline,
                        new RdbFile(MAGIC).function(LIBRARY).db(5).strings("c", 300),
                        ConflictPolicy.REPLACE));
        assertThat(result.functions()).isEqualTo(1);
        assertThat(result.failedFunctions()).isZero();
        assertThat(result.imported()).isEqualTo(300);
    }

    @Test
    void databasesAreSelectedWhenTheTargetIsNotBusyAnyMore() throws Exception {
        assertThat(imported(BEFORE, pipeline -> Imports.all(pipeline, AFTER, ConflictPolicy.REPLACE))
                        .imported())
                .isEqualTo(500);
    }

    @Test
    void commandsGoOnWhenTheTargetIsNotBusyAnyMore() throws Exception {
        byte[] commands = new AofFile()
                .command("SELECT", "7")
                .command("SET", "a", "1")
                .command("INCR", "a")
                .bytes();
        RestoreResult result = imported(
                BEFORE,
                pipeline -> Imports.everything(
                        pipeline,
                        new AofReader(
                                List.of(new AofPart(null, () -> new ByteArrayInputStream(commands))),
                                LIMITS,
                                10,
                                1000,
                                0,
                                ValueCheck.NONE)));
        assertThat(result.commands()).isEqualTo(2);
        assertThat(result.failedCommands()).isZero();
    }

    private interface Import {
        RestoreResult by(RestorePipeline pipeline) throws Exception;
    }

    /** Imports something while the target is busy with a script, until the import has noticed it. */
    private static RestoreResult imported(RdbFile before, Import what) throws Exception {
        List<String> news = new CopyOnWriteArrayList<>();
        try (RedisServer server = RedisServer.start(RedisServers.embedded(), "--lua-time-limit", "20");
                Jedis jedis = server.jedis();
                Jedis script = server.jedis();
                RestorePipeline pipeline =
                        new RestorePipeline(server.target(), 5000, Sender.ALONE, Pace.standard(news::add))) {
            Imports.all(pipeline, before, ConflictPolicy.REPLACE);
            CompletableFuture<Void> endless = CompletableFuture.runAsync(() -> {
                try {
                    script.eval("while true do end");
                } catch (JedisException e) {
                    // it is killed
                }
            });
            Conditions.await(() -> isBusy(jedis));
            CompletableFuture<RestoreResult> result =
                    CompletableFuture.supplyAsync(() -> call(() -> what.by(pipeline)));
            Conditions.await(() -> news.stream()
                    .anyMatch(line -> line.contains(" is busy with a script") || line.contains("(it answered: BUSY ")));
            jedis.scriptKill();
            endless.join();
            return result.join();
        }
    }

    private static <T> T call(Callable<T> what) {
        try {
            return what.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isBusy(Jedis jedis) {
        try {
            jedis.ping();
            return false;
        } catch (JedisException e) {
            return e.getMessage().startsWith("BUSY");
        }
    }
}
