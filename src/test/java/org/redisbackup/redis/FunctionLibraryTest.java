package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class FunctionLibraryTest {
    private static String library(String name, int answer) {
        return "#!lua name=" + name + "\nredis.register_function('" + name + "_f', function() return " + answer
                + " end)";
    }

    private static final RdbFile FILE = new RdbFile(MAGIC)
            .function(library("one", 1))
            .function(library("two", 2))
            .strings("a", 5);

    private static Object call(RedisServer server, String function) {
        try (Jedis jedis = server.jedis()) {
            return jedis.fcall(function, List.of(), List.of());
        }
    }

    private static void load(RedisServer server, String code) {
        try (Jedis jedis = server.jedis()) {
            jedis.functionLoad(code);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void areLoaded(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RestoreResult result = Imports.all(server, FILE, ConflictPolicy.FAIL);
        assertThat(result.functions()).isEqualTo(2);
        assertThat(result.failedFunctions()).isZero();
        assertThat(result.imported()).isEqualTo(5);
        assertThat(call(server, "two_f")).isEqualTo(2L);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void replace(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        load(server, library("two", 22));
        RestoreResult result = Imports.all(server, FILE, ConflictPolicy.REPLACE);
        assertThat(result.functions()).isEqualTo(2);
        assertThat(call(server, "two_f")).isEqualTo(2L);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void areSkipped(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        load(server, library("two", 22));
        RestoreResult result = Imports.all(server, FILE, ConflictPolicy.SKIP);
        assertThat(result.functions()).isEqualTo(1);
        assertThat(result.failedFunctions()).isZero();
        assertThat(result.failures()).isEmpty();
        assertThat(call(server, "two_f")).isEqualTo(22L);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void fail(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        load(server, library("two", 22));
        RestoreResult result = Imports.all(server, FILE, ConflictPolicy.FAIL);
        assertThat(result.functions()).isEqualTo(1);
        assertThat(result.failedFunctions()).isEqualTo(1);
        assertThat(result.imported()).isEqualTo(5);
        assertThat(result.keys()).isEqualTo(5);
        assertThat(result.failures()).hasSize(1);
        KeyFailure failure = result.failures().get(0);
        assertThat(failure.key()).isEqualTo("two");
        assertThat(failure.type()).isEqualTo(KeyFailure.FUNCTION);
        assertThat(failure.db()).isEqualTo(KeyFailure.NOWHERE);
        assertThat(failure.reason()).contains("ERR Library 'two' already exists");
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void thatDoNotCompileAreReported(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file =
                new RdbFile(MAGIC).function("#!lua name=broken\nthis is no Lua").function("no name at all");
        RestoreResult result = Imports.all(server, file, ConflictPolicy.REPLACE);
        assertThat(result.functions()).isZero();
        assertThat(result.failedFunctions()).isEqualTo(2);
        assertThat(result.failures()).extracting(KeyFailure::key).containsExactly("broken", "");
    }
}
