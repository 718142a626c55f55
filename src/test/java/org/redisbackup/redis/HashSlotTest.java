package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

class HashSlotTest {
    /** Of a key that stands between braces which are none of it. */
    private static int slot(byte[] key) {
        byte[] padded = new byte[key.length + 4];
        System.arraycopy(key, 0, padded, 2, key.length);
        padded[1] = '{';
        padded[key.length + 2] = '}';
        return HashSlot.of(padded, 2, key.length);
    }

    /** The check value that the cluster specification gives. */
    @Test
    void isTheSpecifiedChecksum() {
        assertThat(slot("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0x31C3);
    }

    /** Keys with many braces, so that hash tags occur in every form. */
    @Test
    void agreesWithTheServer() throws Exception {
        try (RedisServer server = RedisServer.start(RedisServers.embedded(), "--cluster-enabled", "yes");
                Jedis jedis = server.jedis()) {
            Random random = new Random(1);
            for (int i = 0; i < 5000; i++) {
                byte[] key = new byte[random.nextInt(12)];
                random.nextBytes(key);
                for (int c = 0; c < key.length; c++) {
                    if (random.nextInt(3) == 0) {
                        key[c] = (byte) (random.nextBoolean() ? '{' : '}');
                    }
                }
                Object slot =
                        jedis.sendCommand(Protocol.Command.CLUSTER, "KEYSLOT".getBytes(StandardCharsets.US_ASCII), key);
                assertThat(slot)
                        .as("slot of the key %s", HexFormat.of().formatHex(key))
                        .isEqualTo((long) slot(key));
            }
        }
    }
}
