package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.redisbackup.aof.AofPart;
import org.redisbackup.aof.AofReader;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.ThirdParty;
import redis.clients.jedis.Jedis;

/** Append-only files of other writers: as many keys in database 0 as a server has that loaded the file itself. */
class ThirdPartyAofTest {
    private static final String SERVER = "redis-7.0.15";

    @TestFactory
    Stream<DynamicTest> arriveAsIfLoaded() {
        return ThirdParty.files().entrySet().stream()
                .filter(file -> file.getKey().endsWith(".aof"))
                .filter(file ->
                        file.getValue().at("/servers/" + SERVER + "/loads").asBoolean())
                .map(file -> DynamicTest.dynamicTest(file.getKey(), () -> {
                    RedisServer server = RedisServers.shared(RedisServers.embedded());
                    try (RestorePipeline pipeline = Imports.pipeline(server);
                            Jedis jedis = server.jedis()) {
                        AofPart part = new AofPart("", () -> Files.newInputStream(ThirdParty.path(file.getKey())));
                        Imports.everything(
                                pipeline,
                                new AofReader(List.of(part), Imports.LIMITS, 1000, 256 * 1024, 8, ValueCheck.NONE));
                        assertThat(jedis.dbSize())
                                .isEqualTo(file.getValue()
                                        .at("/servers/" + SERVER + "/keys")
                                        .asLong());
                    }
                }));
    }
}
