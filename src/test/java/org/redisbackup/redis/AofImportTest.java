package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.LIMITS;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.aof.AofReader;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.AofCorpus;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.Streams;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;

/** Every append-only backup into every server that knows its commands: the server holds what one that loaded it held. */
class AofImportTest {
    /** The key of commands that servers refuse too: Redis 5.0 recorded an empty stream in a way that nobody can replay. */
    private static final Map<String, String> REFUSED = Map.of("redis-5.0.14-plain", "stream:mkstream");

    static Stream<Arguments> backupsAndServers() {
        return RedisServers.all().stream().flatMap(program -> AofCorpus.names().stream()
                .filter(backup -> AofCorpus.isKnown(backup, program))
                .map(backup -> Arguments.of(backup, program)));
    }

    @ParameterizedTest
    @MethodSource("backupsAndServers")
    void arrivesAsIfLoaded(String backup, RedisServers.Program program) throws Exception {
        for (int batchSize : List.of(1000, 1)) {
            RedisServer server = RedisServers.shared(program);
            RestoreResult result;
            try (RestorePipeline pipeline = Imports.pipeline(server);
                    Jedis jedis = server.jedis()) {
                AofReader reader = new AofReader(
                        AofCorpus.parts(backup, Streams.WHOLE), LIMITS, batchSize, 256 * 1024, 8, ValueCheck.NONE);
                result = Imports.everything(pipeline, reader);
                assertThat(result.failures())
                        .allSatisfy(failure -> assertThat(failure.key()).isEqualTo(REFUSED.get(backup)));
                assertThat(result.failures().isEmpty()).isEqualTo(!REFUSED.containsKey(backup));
                assertThat(digest(jedis)).isEqualTo(AofCorpus.digest(backup, program.name() + "-" + program.version()));
            }
        }
    }

    private static String digest(Jedis jedis) {
        return SafeEncoder.encode((byte[]) jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), "DIGEST"));
    }
}
