package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Pipelines that are connected before there is anything to deliver. */
class ConnectedAheadTest {
    private static final int CONNECT_MILLIS = 5000;
    private static final String SESSION = "ahead";
    private static final int KEYS = 300;
    private static final RdbFile FILE = new RdbFile(Imports.MAGIC).strings("key", KEYS);

    private static KeyPipeline pipeline(Target target) {
        return KeyPipeline.to(target, CONNECT_MILLIS, Sender.of(SESSION, () -> true), Pace.standard(news -> {}));
    }

    /** Ids of the session's connections. */
    private static List<String> connections(Jedis jedis) {
        return jedis.clientList()
                .lines()
                .filter(client -> client.contains(SESSION))
                .map(client -> client.substring(0, client.indexOf(' ')))
                .toList();
    }

    @Test
    void theFirstDeliveryUsesTheConnection() throws Exception {
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                KeyPipeline pipeline = pipeline(server.target());
                Jedis jedis = server.jedis()) {
            pipeline.connect();
            List<String> ahead = Conditions.await(() -> connections(jedis), some -> !some.isEmpty());
            pipeline.connect();
            assertThat(Imports.all(pipeline, FILE, ConflictPolicy.REPLACE).imported())
                    .isEqualTo(KEYS);
            assertThat(connections(jedis)).isEqualTo(ahead).hasSize(1);
        }
    }

    @Test
    void theFirstDeliveryTellsWhatWentWrong() throws Exception {
        Target gone;
        try (RedisServer server = RedisServer.start(RedisServers.embedded())) {
            gone = server.target();
        }
        try (KeyPipeline pipeline = pipeline(gone)) {
            pipeline.connect();
            assertThatThrownBy(() -> Imports.all(pipeline, FILE, ConflictPolicy.REPLACE))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageStartingWith("Nothing accepts connections at " + gone.address());
        }
    }

    @Test
    void brokenOffItTakesNothing() throws Exception {
        try (RedisServer server = RedisServer.start(RedisServers.embedded());
                KeyPipeline pipeline = pipeline(server.target());
                Jedis jedis = server.jedis()) {
            pipeline.connect();
            Conditions.await(() -> !connections(jedis).isEmpty());
            pipeline.breakOff("enough");
            Conditions.await(() -> connections(jedis).isEmpty());
            pipeline.connect();
            assertThatThrownBy(() -> Imports.all(pipeline, FILE, ConflictPolicy.REPLACE))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("enough");
            assertThat(connections(jedis)).isEmpty();
        }
    }
}
