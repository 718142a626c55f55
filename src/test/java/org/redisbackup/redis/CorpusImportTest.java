package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.LoadedCorpus;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Every backup into every server: what arrives is what a server has that loaded the file itself. */
class CorpusImportTest {
    static Stream<Arguments> filesAndServers() {
        return RedisServers.all().stream().flatMap(program -> Corpus.good().map(file -> Arguments.of(file, program)));
    }

    @ParameterizedTest
    @MethodSource("filesAndServers")
    void arrivesAsIfLoaded(String file, RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RestoreResult result;
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            result = Imports.all(
                    pipeline,
                    Imports.reader(Files.newInputStream(Corpus.file(file)), Imports.LIMITS),
                    ConflictPolicy.FAIL);
        }
        JsonNode parsed = Corpus.parsed(file);
        assertThat(result.keys()).isEqualTo(parsed.get("keys").asLong());
        assertThat(result.failed()).as(result.failures().toString()).isZero();
        assertThat(result.functions()).isEqualTo(parsed.get("functions").asLong());
        assertThat(result.unsupported()).isEqualTo(LoadedCorpus.unknownKeys(file, program));
        if (result.unsupported() == 0) {
            try (Jedis jedis = server.jedis()) {
                LoadedCorpus.assertHolds(file, program, jedis);
            }
        }
    }
}
