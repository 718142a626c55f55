package org.redisbackup.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.SetClock;

/** What is made of the answers of an identity service, also of those that a good one does not give. */
class KeystoneTokensTest {
    private static final String INVALID = "401 DCS.1001";
    private static final String BROKEN = "500 DCS.5000";
    private static final KeystoneAccount ACCOUNT = new KeystoneAccount("importer", "Default", "secret", "services");

    private final SetClock clock = new SetClock("2026-11-24T12:00:00Z");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private HttpServer identity;
    private volatile Answer answer = exchange -> respond(exchange, 200, valid("member"));

    private interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    @BeforeEach
    void start() throws IOException {
        identity = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        identity.setExecutor(threads);
        identity.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " as "
                    + exchange.getRequestHeaders().getFirst("X-Auth-Token") + " about "
                    + exchange.getRequestHeaders().getFirst("X-Subject-Token"));
            answer.to(exchange);
        });
        identity.start();
    }

    @AfterEach
    void stop() {
        identity.stop(0);
        threads.shutdownNow();
    }

    @Test
    void aTokenVouchesForItself() {
        assertThat(code(access(null), "t")).isEqualTo("admitted");
        assertThat(asked).containsExactly("GET /v3/auth/tokens?nocatalog as t about t");
    }

    @Test
    void aRightTokenIsBelievedForFiveMinutes() {
        AccessControl access = access(null);
        for (int i = 0; i < 3; i++) {
            assertThat(code(access, "t")).isEqualTo("admitted");
        }
        clock.advance(KeystoneTokens.LONGEST.minusSeconds(1));
        assertThat(code(access, "t")).isEqualTo("admitted");
        assertThat(asked).hasSize(1);
        answer = exchange -> respond(exchange, 404, "{}");
        clock.advance(Duration.ofSeconds(1));
        assertThat(code(access, "t")).isEqualTo(INVALID);
        assertThat(asked).hasSize(2);
    }

    @Test
    void anExpiredTokenIsCalledSo() {
        AccessControl access = access(null);
        answer = exchange -> respond(exchange, 200, valid("member").replace("T13:00:00", "T12:02:00"));
        assertThat(code(access, "t")).isEqualTo("admitted");
        clock.advance(Duration.ofMinutes(2));
        assertThat(code(access, "t")).isEqualTo("401 DCS.1002");
        assertThat(asked).hasSize(1);
        assertThat(code(access, "another that is told to be valid")).isEqualTo(INVALID);
        assertThat(code(access, "another-that-is-told-to-be-valid")).isEqualTo("401 DCS.1002");
    }

    @Test
    void aWrongTokenIsAskedAboutEachTime() {
        AccessControl access = access(null);
        answer = exchange -> respond(exchange, 401, "{}");
        assertThat(code(access, "t")).isEqualTo(INVALID);
        answer = exchange -> respond(exchange, 200, valid("member"));
        assertThat(code(access, "t")).isEqualTo("admitted");
    }

    @ParameterizedTest
    @CsvSource({
        "member, GET, admitted",
        "member, POST, admitted",
        "admin, POST, admitted",
        "reader, GET, admitted",
        "reader, POST, 403 DCS.3002",
        "cook, GET, 403 DCS.2003",
        "Admin, GET, 403 DCS.2003"
    })
    void roles(String role, String method, String expected) {
        answer = exchange -> respond(exchange, 200, valid(role));
        RequestHead request = Requests.of(method, Requests.PATH, null, Requests.ADDRESS, Map.of("X-Auth-Token", "t"));
        assertThat(Requests.code(access(null), request)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 307, 400, 403, 429, 500, 503})
    void anAnswerThatSaysNothingOfTheToken(int status) {
        answer = exchange -> {
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/");
            respond(exchange, status, valid("member"));
        };
        assertThat(code(access(null), "t")).isEqualTo(BROKEN);
        assertThat(asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"token\":{}}", "{\"token\":{\"expires_at\":\"soon\"}}"})
    void anAnswerThatCannotBeRead(String body) {
        answer = exchange -> respond(exchange, 200, body);
        assertThat(code(access(null), "t")).isEqualTo(BROKEN);
    }

    @Test
    void anAnswerThatDoesNotEnd() {
        answer = exchange -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] blanks = " ".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
            try {
                for (int i = 0; i < 1 << 16; i++) {
                    exchange.getResponseBody().write(blanks);
                }
            } finally {
                exchange.close();
            }
        };
        assertThat(code(access(null), "t")).isEqualTo(BROKEN);
    }

    @Test
    void nobodyAnswers() {
        identity.stop(0);
        assertThat(code(access(null), "t")).isEqualTo(BROKEN);
    }

    @Test
    void aServiceUserAsksWithATokenOfItsOwn() {
        answer = exchange -> {
            if (exchange.getRequestMethod().equals("POST")) {
                assertThat(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                        .contains("\"name\":\"importer\"", "\"password\":\"secret\"", "\"name\":\"services\"");
                exchange.getResponseHeaders().set("X-Subject-Token", "own" + asked.size());
                respond(exchange, 201, "{}");
            } else if (asked.size() == 4) {
                respond(exchange, 401, "{}");
            } else {
                respond(exchange, asked.size() == 3 ? 404 : 200, valid("member"));
            }
        };
        AccessControl access = access(ACCOUNT);
        assertThat(code(access, "a")).isEqualTo("admitted");
        assertThat(code(access, "b")).isEqualTo(INVALID);
        assertThat(code(access, "c")).isEqualTo("admitted");
        assertThat(asked)
                .containsExactly(
                        "POST /v3/auth/tokens?nocatalog as null about null",
                        "GET /v3/auth/tokens?nocatalog as own1 about a",
                        "GET /v3/auth/tokens?nocatalog as own1 about b",
                        "GET /v3/auth/tokens?nocatalog as own1 about c",
                        "POST /v3/auth/tokens?nocatalog as null about null",
                        "GET /v3/auth/tokens?nocatalog as own5 about c");
    }

    @Test
    void aServiceUserThatIsRefusedIsNoFaultOfTheToken() {
        answer = exchange -> {
            exchange.getResponseHeaders().set("X-Subject-Token", "own");
            respond(exchange, exchange.getRequestMethod().equals("POST") ? 201 : 401, "{}");
        };
        assertThat(code(access(ACCOUNT), "t")).isEqualTo(BROKEN);
        assertThat(asked).hasSize(4);
        answer = exchange -> respond(exchange, 401, "{}");
        assertThat(code(access(ACCOUNT), "t")).isEqualTo(BROKEN);
    }

    @Test
    void manyRequestsWithOneTokenAskOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        answer = exchange -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            respond(exchange, 200, valid("member"));
        };
        AccessControl access = access(null);
        List<CompletableFuture<Void>> decisions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            decisions.add(decision(access, "t"));
        }
        for (int i = 0; i < 63; i++) {
            decisions.add(decision(access, "other" + i));
        }
        assertThat(code(access, "one-too-many")).isEqualTo("429 APIGW.0308");
        go.countDown();
        decisions.forEach(CompletableFuture::join);
        assertThat(asked).hasSize(64);
    }

    private static CompletableFuture<Void> decision(AccessControl access, String token) {
        return access.decide(access.examine(Requests.get(Map.of("X-Auth-Token", token))), Requests.NO_BODY);
    }

    private AccessControl access(KeystoneAccount account) {
        URI url = URI.create("http://127.0.0.1:" + identity.getAddress().getPort() + "/v3");
        KeystoneTokens keystone = new KeystoneTokens(
                new KeystoneClient(url, account), Set.of("admin", "member"), Set.of("reader"), clock);
        return AccessControl.of(new Tokens(new StaticTokens(Map.of()), keystone), null, new FailedAttempts(clock, 0));
    }

    private static String code(AccessControl access, String token) {
        return Requests.code(access, Requests.get(Map.of("X-Auth-Token", token)));
    }

    private static String valid(String role) {
        return "{\"token\":{\"expires_at\":\"2026-11-24T13:00:00.000000Z\",\"project\":{\"id\":\"" + Requests.PROJECT
                + "\"},\"roles\":[{\"name\":\"" + role + "\"}],\"user\":{\"name\":\"u\"}}}";
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
