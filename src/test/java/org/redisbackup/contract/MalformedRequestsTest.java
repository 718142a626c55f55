package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Corpus;
import org.slf4j.LoggerFactory;

/**
 * Thousands of requests that are wrong in some way. None ends in an internal error or in silence, and the service
 * imports as before.
 */
class MalformedRequestsTest {
    private static final int REQUESTS = Integer.getInteger("redisbackup.test.malformed", 3000);
    private static final long FIRST_SEED = Long.getLong("redisbackup.test.seed", 1);
    private static final int HALF_OPEN = 100;
    private static final int MAX_FAILURES = 10;
    private static final int MAX_SHOWN = 1000;
    private static final Set<Integer> STATUSES = Set.of(200, 204, 400, 401, 403, 404, 405, 413, 414, 431);
    private static final int UNKNOWN_VERSION = 501; // Vert.x itself says that, of HTTP/9.9
    private static final Logger ROOT = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        service = RunningService.start(Map.of("redisbackup.auth.failures-per-address", "0"));
        log.start();
        ROOT.addAppender(log);
    }

    @AfterEach
    void end() {
        ROOT.detachAppender(log);
        service.close();
    }

    @Test
    void everyRequestIsAnsweredInJsonAndNoneBreaksTheService() throws Exception {
        service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        String known = service.create(service.body("types.rdb"));
        service.finished(known);
        List<String> ids = List.of(known, RunningService.INSTANCE, RunningService.PROTECTED_INSTANCE, "0".repeat(32));
        List<RawHttp> halfOpen = new ArrayList<>();
        for (int i = 0; i < HALF_OPEN; i++) {
            RawHttp connection = new RawHttp(service.uri(""));
            connection.send(
                    "POST /v2/x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n{".getBytes(StandardCharsets.UTF_8));
            halfOpen.add(connection);
        }
        List<String> failures = new ArrayList<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + REQUESTS && failures.size() < MAX_FAILURES; seed++) {
            MalformedRequests.Made request = new MalformedRequests(seed, ids).request();
            try {
                check(request);
            } catch (AssertionError | Exception e) {
                String sent = request.latin1();
                failures.add("-Dredisbackup.test.seed=" + seed + " -Dredisbackup.test.malformed=1: " + e + "\n"
                        + sent.substring(0, Math.min(MAX_SHOWN, sent.length())));
            }
        }
        assertThat(failures).isEmpty();
        for (RawHttp connection : halfOpen) {
            connection.close();
        }
        String id = service.create(service.body("types.rdb"));
        assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR))
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEmpty();
        assertThat(Files.exists(Path.of("file-uploads"))).isFalse();
    }

    private void check(MalformedRequests.Made request) throws Exception {
        try (RawHttp connection = new RawHttp(service.uri(""))) {
            connection.send(request.bytes());
            if (!request.wellFormed()) {
                connection.endSending();
            }
            Optional<RawHttp.Answer> answer = read(connection, request);
            if (answer.isEmpty()) {
                assertThat(request.wellFormed()).as("closed without an answer").isFalse();
                return;
            }
            if (request.wellFormed() || answer.get().status() != UNKNOWN_VERSION) {
                check(answer.get(), request.head());
            }
        }
    }

    /** Vert.x closes a connection that the client has half closed, whatever it is about to say. */
    private static Optional<RawHttp.Answer> read(RawHttp connection, MalformedRequests.Made request)
            throws IOException {
        try {
            return connection.read(request.head());
        } catch (EOFException e) {
            if (request.wellFormed()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private static void check(RawHttp.Answer answer, boolean head) {
        assertThat(answer.status()).as(answer.body()).isIn(STATUSES);
        assertThat(answer.header("X-Request-Id")).matches("[0-9a-f]{32}");
        if (answer.status() == 204) {
            return;
        }
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        if (answer.status() >= 400 && !head) {
            OpenApiContract.checkBody("Error", answer.body());
        }
    }
}
