package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.redisbackup.redis.Imports.SERVERS;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.aof.AofReader;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class ReplayTest {
    private static RestoreResult replay(RedisServer server, AofFile file) throws IOException {
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            return replay(pipeline, file);
        }
    }

    private static RestoreResult replay(RestorePipeline pipeline, AofFile file) throws IOException {
        return Imports.everything(
                pipeline,
                AofReader.ofAnyFormat(
                        new ByteArrayInputStream(file.bytes()), Imports.LIMITS, 3, 1 << 20, 4, ValueCheck.NONE));
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void commandsRunOnTheKeysOfTheSnapshotBeforeThem(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        AofFile file = new AofFile()
                .raw(new RdbFile("REDIS0009")
                        .strings("k", 100)
                        .db(1)
                        .string("n", "1")
                        .bytes())
                .command("SELECT", "1")
                .command("INCR", "n")
                .command("MULTI")
                .command("INCR", "n")
                .command("SELECT", "2")
                .command("RPUSH", "l", "a", "b")
                .command("EXEC")
                .command(
                        "EVAL",
                        "return {1, {2, redis.call('LRANGE', KEYS[1], 0, -1)}, {err='no error of ours'}}",
                        "1",
                        "l")
                .command("DEL", "nothing");
        RestoreResult result = replay(server, file);
        assertThat(result.failures()).isEmpty();
        assertThat(result.imported()).isEqualTo(101);
        assertThat(result.keys()).isEqualTo(101);
        assertThat(result.commands()).isEqualTo(5);
        try (Jedis jedis = server.jedis()) {
            jedis.select(1);
            assertThat(jedis.get("n")).isEqualTo("3");
            jedis.select(2);
            assertThat(jedis.lrange("l", 0, -1)).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void whatCanNotBeExecutedIsReported(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        AofFile file = new AofFile().command("SET", "a", "1");
        int offset = file.size();
        file.command("NOSUCHCMD", "x\n")
                .command("LPUSH", "a", "no list")
                .command("SHUTDOWN", "NOSAVE")
                .command("SELECT", "99")
                .command("SET", "b", "1")
                .command("SELECT", "0")
                .command("SET", "c", "1");
        RestoreResult result = replay(server, file);
        assertThat(result.commands()).isEqualTo(2);
        assertThat(result.failedCommands()).isEqualTo(4);
        assertThat(result.keys()).isZero();
        assertThat(result.failures()).hasSize(4);
        KeyFailure unknown = result.failures().get(0);
        assertThat(unknown.type()).isEqualTo("command NOSUCHCMD");
        assertThat(unknown.key()).isEqualTo("x\\x0a");
        assertThat(unknown.offset()).isEqualTo(offset);
        assertThat(unknown.reason()).startsWith("the target refused the command (it answered: ERR unknown command");
        assertThat(result.failures().get(1).reason()).contains("WRONGTYPE");
        assertThat(result.failures().stream().map(KeyFailure::reason))
                .contains("no server writes SHUTDOWN into an append-only file, so it is not executed")
                .anyMatch(reason -> reason.startsWith("database 99 does not exist on "));
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("a", "c");
        }
    }

    /** The database that a replay selected last must not be taken for that of the keys which come next. */
    @ParameterizedTest
    @MethodSource(SERVERS)
    void keysAndCommandsShareAConnection(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (RestorePipeline pipeline = Imports.pipeline(server);
                Jedis jedis = server.jedis()) {
            replay(pipeline, new AofFile().command("SELECT", "5").command("SET", "a", "1"));
            Imports.all(pipeline, new RdbFile("REDIS0009").strings("k", 3), ConflictPolicy.FAIL);
            replay(pipeline, new AofFile().command("SET", "b", "1"));
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("k0", "k1", "k2", "b");
            jedis.select(5);
            assertThat(jedis.keys("*")).containsExactly("a");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void aTargetThatTakesNothingEndsTheReplay(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.configSet("maxmemory", "1");
            AofFile file = new AofFile();
            for (int i = 0; i < 9; i++) {
                file.command("SET", "k" + i, "1");
            }
            assertThatThrownBy(() -> replay(server, file)).hasMessageContaining("is out of memory");
            jedis.configSet("maxmemory", "0");
            assertThat(jedis.dbSize()).isZero();
        }
    }
}
