package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
            assertThat(WholeKeys.readAll(jedis)).isEqualTo(result.imported());
            assertThat(jedis.ping()).isEqualTo("PONG");
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
