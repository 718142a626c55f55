package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.util.SafeEncoder;

/** A file with broken values harms no server: whatever arrived can be read, and what did not is counted. */
class BrokenValueTest {
    private static final Path BAD = Path.of("src/test/resources/corpus/bad");

    static Stream<Arguments> filesAndServers() throws IOException {
        List<String> names = Files.readAllLines(BAD.resolve("expected.tsv")).stream()
                .map(line -> line.split("\t", 2)[0])
                .toList();
        return RedisServers.all().stream().flatMap(program -> names.stream().map(name -> Arguments.of(name, program)));
    }

    @ParameterizedTest
    @MethodSource("filesAndServers")
    void harmsNoServer(String name, RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RestoreResult result = importUntilItBreaks(name, server);
        try (Jedis jedis = server.jedis()) {
            Set<byte[]> keys = jedis.keys("*".getBytes(StandardCharsets.US_ASCII));
            assertThat(keys).hasSize((int) result.imported());
            for (byte[] key : keys) {
                readWhole(jedis, key);
            }
            assertThat(jedis.ping()).isEqualTo("PONG");
        }
    }

    /** Conversion to another encoding reads, and asserts, more than reading does. */
    private static void readWhole(Jedis jedis, byte[] key) {
        jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), SafeEncoder.encode("DIGEST-VALUE"), key);
        byte[] large = new byte[1000];
        switch (jedis.type(key)) {
            case "string" -> jedis.get(key);
            case "list" -> {
                jedis.lrange(key, 0, -1);
                jedis.lrange(key, -1, 0);
                jedis.rpush(key, large);
            }
            case "set" -> {
                jedis.smembers(key);
                jedis.sadd(key, large);
            }
            case "zset" -> {
                jedis.zrange(key, 0, -1);
                jedis.zrevrange(key, 0, -1);
                jedis.zadd(key, 1, large);
            }
            case "hash" -> {
                jedis.hgetAll(key);
                jedis.hset(key, large, large);
            }
            case "stream" ->
                jedis.sendCommand(Command.XINFO, SafeEncoder.encode("STREAM"), key, SafeEncoder.encode("FULL"));
            default -> throw new AssertionError("no way to read a " + jedis.type(key));
        }
    }

    private static RestoreResult importUntilItBreaks(String name, RedisServer server) throws Exception {
        RestoreResult sum = RestoreResult.NONE;
        try (RestorePipeline pipeline = Imports.pipeline(server);
                BatchReader reader = new BatchReader(
                        Files.newInputStream(BAD.resolve(name)),
                        Imports.LIMITS.withValidation(ValidationPolicy.SKIP),
                        1,
                        1000,
                        8,
                        new ValueValidator())) {
            while (reader.hasNext()) {
                sum = sum.plus(Imports.await(pipeline.deliver(reader.next(), ConflictPolicy.SKIP)));
            }
        } catch (UncheckedIOException e) {
            assertThat(e.getCause()).isInstanceOf(RdbFormatException.class);
        } catch (DeliveryException e) {
            assertThat(e).hasMessageStartingWith("the backup broke while the value was sent");
        }
        return sum;
    }
}
