package org.redisbackup.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

class EmbeddedRedisTest {
    private static final Path PROGRAMS = Path.of("target/embedded");

    @TempDir
    Path directory;

    @Test
    void answersUntilItIsClosed() throws Exception {
        EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.program(PROGRAMS), directory.resolve("a"));
        try (redis;
                Jedis jedis = new Jedis(redis.url())) {
            assertThat(jedis.set("key", "value")).isEqualTo("OK");
            assertThat(jedis.info("server")).contains("redis_version:7.0.15", "process_id:" + redis.pid());
        }
        assertThat(ProcessHandle.of(redis.pid()).filter(ProcessHandle::isAlive)).isEmpty();
    }

    @Test
    void takesArguments() throws Exception {
        Path program = EmbeddedRedis.program(PROGRAMS);
        try (EmbeddedRedis redis = EmbeddedRedis.start(program, directory, "--requirepass", "secret");
                Jedis jedis = new Jedis(redis.url())) {
            assertThat(jedis.auth("secret")).isEqualTo("OK");
        }
    }

    @Test
    void namesTheReasonWhenItDoesNotComeUp() throws Exception {
        Path program = EmbeddedRedis.program(PROGRAMS);
        assertThatThrownBy(() -> EmbeddedRedis.start(program, directory, "--no-such-directive", "1"))
                .hasMessageContaining("ended with status 1")
                .hasMessageContaining("no-such-directive");
    }

    @Test
    void unpacksTheProgramOnce() throws Exception {
        Path program = EmbeddedRedis.program(directory);
        var time = Files.getLastModifiedTime(program);
        assertThat(EmbeddedRedis.program(directory)).isEqualTo(program).isExecutable();
        assertThat(Files.getLastModifiedTime(program)).isEqualTo(time);
        try (var files = Files.list(directory)) {
            assertThat(files.toList()).isEqualTo(List.of(program));
        }
    }
}
