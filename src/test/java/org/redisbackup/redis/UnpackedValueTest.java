package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;

/** Packed collections that compression makes only a little smaller are sent without it, and are the same on the target. */
class UnpackedValueTest {
    private static final int FOOTER = 10;
    private static final int LZF = 0xC3;
    private static final byte[] HASH = "hash".getBytes(UTF_8);
    private static final byte[] ZSET = "zset".getBytes(UTF_8);
    private static final byte[] REPETITIVE = "repetitive".getBytes(UTF_8);

    static Stream<RedisServers.Program> servers() {
        return RedisServers.all().stream();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void costLessAndAreTheSame(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            fill(jedis);
            RdbFile file = new RdbFile("REDIS0010");
            Map<String, Object> digests = new HashMap<>();
            for (byte[] key : new byte[][] {HASH, ZSET, REPETITIVE}) {
                byte[] dump = jedis.dump(key);
                assertThat(dump[1] & 0xff).isEqualTo(LZF);
                file.record(dump[0], new String(key, UTF_8)).raw(Arrays.copyOfRange(dump, 1, dump.length - FOOTER));
                digests.put(new String(key, UTF_8), digest(jedis, key));
            }
            jedis.flushAll();

            try (RestorePipeline pipeline = Imports.pipeline(server);
                    BatchReader reader =
                            new BatchReader(file.open(), Imports.LIMITS, 10, 1 << 20, 1, new ValueValidator())) {
                KeyBatch batch = reader.next();
                assertThat(isCompressed(batch, 0)).isFalse();
                assertThat(isCompressed(batch, 1)).isFalse();
                assertThat(isCompressed(batch, 2)).isTrue();
                assertThat(Imports.await(pipeline.deliver(batch, ConflictPolicy.FAIL))
                                .imported())
                        .isEqualTo(3);
            }
            digests.forEach((key, digest) ->
                    assertThat(digest(jedis, key.getBytes(UTF_8))).as(key).isEqualTo(digest));
        }
    }

    private static void fill(Jedis jedis) {
        Random random = new Random(1);
        for (int i = 0; i < 60; i++) {
            byte[] noise = new byte[24];
            random.nextBytes(noise);
            jedis.hset(HASH, ("field:" + i).getBytes(UTF_8), noise);
            jedis.zadd(ZSET, random.nextInt(1000) / 8.0, noise);
            jedis.hset(REPETITIVE, ("field:" + i).getBytes(UTF_8), "the same each time".getBytes(UTF_8));
        }
    }

    private static boolean isCompressed(KeyBatch batch, int i) {
        return (batch.arena()[batch.valueOffset(i)] & 0xff) == LZF;
    }

    private static Object digest(Jedis jedis, byte[] key) {
        Object answer = jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), SafeEncoder.encode("DIGEST-VALUE"), key);
        return SafeEncoder.encodeObject(answer);
    }
}
