package org.redisbackup.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;

/** The client's side alone, against answers in the form of the contract. */
class DemoTest {
    private static final String RUNNING =
            """
            {"full_migration_progress":"50","source_dbsize":"1000","read_bytes":"2000000","total_bytes":"4000000",
             "target_ops":"500","is_migrating":true}""";
    private static final String ENDED =
            """
            {"full_migration_progress":"100","source_dbsize":"2000","read_bytes":"4000000","total_bytes":"4000000",
             "target_ops":"800","imported_keys":"1990","replaced_keys":"0","skipped_keys":"0","expired_keys":"7",
             "unsupported_keys":"0","failed_keys":"3","is_migrating":false}""";

    @TempDir
    Path directory;

    private final Deque<String> answers = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private int status = 200;
    private HttpServer api;
    private Demo demo;

    @BeforeEach
    void serve() throws IOException {
        api = HttpServer.create(Loopback.address(0), 0);
        api.createContext("/", this::answer);
        api.start();
        URI base = URI.create("http://127.0.0.1:" + api.getAddress().getPort());
        demo = new Demo(base, "project", "token", new PrintStream(shown, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        api.stop(0);
    }

    @Test
    void showsProgressResultAndHowToDoItAgain() throws Exception {
        answers.addAll(List.of("{\"id\":\"abc\"}", RUNNING, ENDED, "{\"status\":\"SUCCESS\",\"error_message\":null}"));
        try (EmbeddedRedis redis = EmbeddedRedis.start(EmbeddedRedis.program(Path.of("target/embedded")), directory);
                Jedis jedis = new Jedis(redis.url())) {
            jedis.set("key", "value");
            assertThat(demo.run("bucket", "instance", redis.url())).isTrue();
        }
        assertThat(requests)
                .containsExactly(
                        "POST /v2/project/migration-task token",
                        "GET /v2/project/migration-task/abc/stats token",
                        "GET /v2/project/migration-task/abc/stats token",
                        "GET /v2/project/migration-task/abc token");
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains(" 50 %  1,000 keys  2.0 of 4.0 MB  500 keys/s")
                .contains("SUCCESS: 2,000 keys read; 1,990 imported, 0 replaced, 0 skipped, 7 expired, 0 unsupported,"
                        + " 3 failed")
                .contains("database 0: 1 keys, 0 of them with an expiry")
                .contains("\"files\":[{\"file_name\":\"demo/\"}]")
                .contains("/v2/project/migration-task/abc");
    }

    @Test
    void showsWhyTheImportFailed() throws Exception {
        answers.addAll(List.of(
                "{\"id\":\"abc\"}", ENDED, "{\"status\":\"FAILED\",\"error_message\":\"There is no bucket b.\"}"));
        assertThat(demo.run("bucket", "instance", "redis://127.0.0.1:1")).isFalse();
        assertThat(shown.toString(StandardCharsets.UTF_8)).contains("FAILED: ", "There is no bucket b.");
    }

    @Test
    void passesOnWhatTheApiRefuses() {
        status = 401;
        answers.add("{\"error_code\":\"DCS.1001\",\"error_msg\":\"Invalid token.\"}");
        assertThatThrownBy(() -> demo.run("bucket", "instance", "redis://127.0.0.1:1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The API answered 401 to POST http://127.0.0.1:")
                .hasMessageContaining("DCS.1001");
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("X-Auth-Token"));
            byte[] body = answers.removeFirst().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }
}
