package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class KeyRemovalTest {
    private static final int TIMEOUT_MILLIS = 5000;

    private static byte[] key(String name) {
        return name.getBytes(US_ASCII);
    }

    @ParameterizedTest
    @MethodSource("org.redisbackup.support.RedisServers#all")
    void deletesKeysWhereTheyAre(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis();
                KeyRemoval removal = new KeyRemoval(server.target(), TIMEOUT_MILLIS, Sender.ALONE)) {
            jedis.flushAll();
            for (int db : new int[] {0, 3}) {
                jedis.select(db);
                for (int i = 0; i < 1500; i++) {
                    jedis.set("k" + i, "1");
                }
            }
            for (int i = 0; i < 1500; i++) {
                removal.add(i % 2 == 0 ? 3 : 0, key("k" + i));
            }
            removal.add(0, key("never there"));
            removal.flush();
            assertThat(removal.deleted()).isEqualTo(1500);
            assertThat(jedis.exists("k0")).isFalse();
            assertThat(jedis.exists("k1")).isTrue();
            assertThat(jedis.dbSize()).isEqualTo(750);
            jedis.select(0);
            assertThat(jedis.exists("k0")).isTrue();
            assertThat(jedis.dbSize()).isEqualTo(750);
        }
    }

    @ParameterizedTest
    @MethodSource("org.redisbackup.support.RedisServers#all")
    void leavesThemToWhoMayWrite(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis();
                KeyRemoval removal = new KeyRemoval(server.target(), TIMEOUT_MILLIS, new Sender("late", () -> false))) {
            jedis.set("k", "1");
            removal.add(0, key("k"));
            assertThatThrownBy(removal::flush).hasMessageContaining("another instance of the service may have taken");
            assertThat(jedis.exists("k")).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("org.redisbackup.support.RedisServers#all")
    void saysWhatToPermit(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.aclSetUser("keeping", "on", ">Passw0rd", "~*", "+@all", "-unlink");
            Target target = Target.parse("redis://keeping:Passw0rd@127.0.0.1:" + server.port());
            try (KeyRemoval removal = new KeyRemoval(target, TIMEOUT_MILLIS, Sender.ALONE)) {
                removal.add(0, key("k"));
                assertThatThrownBy(removal::flush)
                        .hasMessageContaining("does not let this user delete keys; permit UNLINK")
                        .hasMessageNotContaining("Passw0rd");
            }
            jedis.aclDelUser("keeping");
        }
    }
}
