package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class SharedPipelineTest {
    private static final int FILES = 6;
    private static final int KEYS = 6000;

    /** Each has keys of its own in two databases, one of them shared, and a few that the target lacks a database for. */
    private static RdbFile file(int number) {
        return new RdbFile(Imports.MAGIC)
                .strings("file" + number + ":", KEYS)
                .db(number + 1)
                .strings("k", KEYS)
                .db(100 + number)
                .strings("lost", 10);
    }

    private static RestoreResult importAll(RestorePipeline pipeline, ConflictPolicy policy) {
        List<CompletableFuture<RestoreResult>> imports = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            RdbFile file = file(i);
            imports.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return Imports.all(pipeline, file, policy);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        return imports.stream().map(CompletableFuture::join).reduce(RestoreResult.NONE, RestoreResult::plus);
    }

    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void servesManyFilesAtOnce(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (RestorePipeline pipeline = Imports.pipeline(server);
                Jedis jedis = server.jedis()) {
            RestoreResult first = importAll(pipeline, ConflictPolicy.REPLACE);
            assertThat(first.imported()).isEqualTo(2L * FILES * KEYS);
            assertThat(first.failed()).isEqualTo(10L * FILES);
            assertThat(importAll(pipeline, ConflictPolicy.SKIP).skipped()).isEqualTo(2L * FILES * KEYS);
            assertThat(importAll(pipeline, ConflictPolicy.REPLACE).replaced()).isEqualTo(2L * FILES * KEYS);
            jedis.select(2);
            jedis.flushDB();
            RestoreResult last = importAll(pipeline, ConflictPolicy.REPLACE);
            assertThat(last.imported()).isEqualTo(KEYS);
            assertThat(last.replaced()).isEqualTo((2L * FILES - 1) * KEYS);
            for (int db = 0; db <= FILES; db++) {
                jedis.select(db);
                assertThat(jedis.dbSize()).isEqualTo(db == 0 ? FILES * KEYS : KEYS);
            }
        }
    }
}
