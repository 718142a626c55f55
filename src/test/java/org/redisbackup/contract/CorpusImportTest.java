package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.LoadedCorpus;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;

/** Every backup through the whole service into every server: from a request over HTTP to the keys of the target. */
class CorpusImportTest {
    private static final Map<RedisServers.Program, String> INSTANCES = new LinkedHashMap<>();
    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> properties = new HashMap<>();
        for (RedisServers.Program program : RedisServers.all()) {
            String id = UUID.randomUUID().toString();
            INSTANCES.put(program, id);
            properties.put(
                    "redisbackup.instances." + id + ".url",
                    "redis://127.0.0.1:" + RedisServers.shared(program).port());
        }
        service = RunningService.start(properties);
        for (String file : Corpus.good().toList()) {
            S3Server.client()
                    .putObject(
                            request -> request.bucket(service.bucket()).key(file),
                            RequestBody.fromFile(Corpus.file(file)));
        }
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static Stream<Arguments> filesAndServers() {
        return RedisServers.all().stream().flatMap(program -> Corpus.good().map(file -> Arguments.of(file, program)));
    }

    @ParameterizedTest
    @MethodSource("filesAndServers")
    void arrivesAsIfLoaded(String file, RedisServers.Program program) throws Exception {
        RedisServer target = RedisServers.shared(program);
        String id = service.create(
                RunningService.body("corpus-import", service.bucket(), file, INSTANCES.get(program), null));
        JsonNode task = service.finished(id);
        long unknown = LoadedCorpus.unknownKeys(file, program);
        assertThat(task.get("status").asText()).as(task.toString()).isEqualTo(unknown == 0 ? "SUCCESS" : "FAILED");
        JsonNode stats = service.stats(id);
        assertThat(stats.get("source_dbsize").asText())
                .isEqualTo(Corpus.parsed(file).get("keys").asText());
        assertThat(stats.get("unsupported_keys").asText()).isEqualTo(Long.toString(unknown));
        if (unknown == 0) {
            try (Jedis jedis = target.jedis()) {
                LoadedCorpus.assertHolds(file, program, jedis);
            }
        }
    }
}
