package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.S3Server;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

/** Passwords and tokens are in nothing that is kept, answered or logged. */
class SecretsTest {
    private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    private final RunningService service = RunningService.shared();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Level before = ROOT.getLevel();

    @BeforeEach
    void listen() {
        log.start();
        ROOT.addAppender(log);
        ROOT.setLevel(Level.INFO);
        ours().setLevel(Level.DEBUG);
    }

    @AfterEach
    void listenNoMore() {
        ROOT.detachAppender(log);
        ROOT.setLevel(before);
        ours().setLevel(null);
    }

    private static Logger ours() {
        return (Logger) LoggerFactory.getLogger("org.redisbackup");
    }

    @Test
    void thePasswordOfARequest() throws Exception {
        String password = RunningService.PROTECTED_PASSWORD;
        service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        String id = service.create(RunningService.body(
                "test-import", service.bucket(), "types.rdb", RunningService.PROTECTED_INSTANCE, password));
        String answers = service.finished(id).toString()
                + service.stats(id)
                + service.get("/migration-tasks?limit=1000")
                + service.post(RunningService.body("x", "y", "z", RunningService.PROTECTED_INSTANCE, password))
                        .body();
        assertThat(answers).doesNotContain(password);
        assertThat(kept()).contains(id).doesNotContain(password);
        assertThat(logged())
                .contains(id)
                .doesNotContain(password, RunningService.ADMIN, RunningService.PROTECTED_PASSWORD, S3Server.SECRET_KEY);
    }

    @Test
    void aWrongPasswordOfARequest() throws Exception {
        String password = "a-wrong-Passw0rd";
        HttpResponse<String> refused = service.post(RunningService.body(
                "test-import", service.bucket(), "types.rdb", RunningService.PROTECTED_INSTANCE, password));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body() + refused.headers().map() + kept() + logged()).doesNotContain(password);
    }

    @Test
    void thePasswordOfABodyThatIsNoJson() throws Exception {
        String answer = service.post("{\"target_instance\":{\"password\":\"s3cret-in-broken-json\"")
                .body();
        assertThat(answer).doesNotContain("s3cret");
        assertThat(logged()).doesNotContain("s3cret");
    }

    /** Everything in the state Redis, as one text. */
    private String kept() {
        StringBuilder all = new StringBuilder();
        try (Jedis state = service.state()) {
            for (byte[] key : state.keys("*".getBytes(StandardCharsets.ISO_8859_1))) {
                all.append(new String(key, StandardCharsets.ISO_8859_1));
                switch (state.type(key)) {
                    case "string" -> all.append(text(List.of(state.get(key))));
                    case "hash" ->
                        all.append(text(state.hgetAll(key).keySet()))
                                .append(text(state.hgetAll(key).values()));
                    case "list" -> all.append(text(state.lrange(key, 0, -1)));
                    case "set" -> all.append(text(state.smembers(key)));
                    default -> all.append(text(state.zrange(key, 0, -1)));
                }
            }
        }
        return all.toString();
    }

    private static String text(Iterable<byte[]> values) {
        StringBuilder all = new StringBuilder();
        values.forEach(value ->
                all.append(new String(value, StandardCharsets.ISO_8859_1)).append('\n'));
        return all.toString();
    }

    private String logged() {
        StringBuilder all = new StringBuilder();
        for (ILoggingEvent event : List.copyOf(log.list)) {
            all.append(event.getFormattedMessage()).append('\n');
            if (event.getThrowableProxy() != null) {
                all.append(event.getThrowableProxy().getMessage()).append('\n');
            }
        }
        return all.toString();
    }
}
