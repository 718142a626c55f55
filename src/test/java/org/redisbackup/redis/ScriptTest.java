package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.SERVERS;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Scripts that servers before 7.0 keep in their files. */
class ScriptTest {
    private static final String SHA_1_OF_RETURN_41 = "063d98099a90c63456a3c8b9adbfd87b5d09674e";
    private static final String SHA_1_OF_NO_LUA = "2da12efab34a4a84157ea140d5e2b5a81f92aebf";

    @ParameterizedTest
    @MethodSource(SERVERS)
    void canBeCalledByTheirHash(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file = new RdbFile("REDIS0009").field("lua", "return 41").strings("a", 3);
        RestoreResult result = Imports.all(server, file, ConflictPolicy.FAIL);
        assertThat(result.scripts()).isEqualTo(1);
        assertThat(result.failedScripts()).isZero();
        assertThat(result.keys()).isEqualTo(3);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.evalsha(SHA_1_OF_RETURN_41, List.of(), List.of())).isEqualTo(41L);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void thatDoNotCompileAreReported(RedisServers.Program program) throws Exception {
        RdbFile file = new RdbFile("REDIS0009").field("lua", "this is no Lua").strings("a", 3);
        RestoreResult result = Imports.all(RedisServers.shared(program), file, ConflictPolicy.FAIL);
        assertThat(result.failedScripts()).isEqualTo(1);
        assertThat(result.imported()).isEqualTo(3);
        KeyFailure failure = result.failures().get(0);
        assertThat(failure.type()).isEqualTo(KeyFailure.SCRIPT);
        assertThat(failure.key()).isEqualTo(SHA_1_OF_NO_LUA);
        assertThat(failure.reason())
                .startsWith("the target refused the script (it answered: ERR Error compiling script");
    }
}
