package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class RestorePipelineTest {
    private static final String ALL = "org.redisbackup.support.RedisServers#all";

    @ParameterizedTest
    @MethodSource(ALL)
    void importsIntoAnEmptyServer(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file = new RdbFile("REDIS0010").strings("a", 10_000).db(3).strings("b", 500);
        try (RestorePipeline pipeline = new RestorePipeline(server.target(), 5000);
                Jedis jedis = server.jedis()) {
            RestoreResult result = Imports.all(pipeline, file, ConflictPolicy.REPLACE);
            assertThat(result.imported()).isEqualTo(10_500);
            assertThat(result.keys()).isEqualTo(10_500);
            assertThat(jedis.dbSize()).isEqualTo(10_000);
            assertThat(jedis.get("a9999")).isEqualTo("value of 9999");
            jedis.select(3);
            assertThat(jedis.dbSize()).isEqualTo(500);
        }
    }
}
