package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ClientRequestException;
import com.huaweicloud.sdk.dcs.v2.DcsClient;
import com.huaweicloud.sdk.dcs.v2.model.CreateMigrationTaskBody;
import com.huaweicloud.sdk.dcs.v2.model.CreateMigrationTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListMigrationTaskRequest;
import com.huaweicloud.sdk.dcs.v2.model.ListMigrationTaskResponse;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.RequestSigner;

/** Signed requests, by the official client and byte by byte, to a service that takes tokens as well. */
class SignatureTest {
    private static final String ACCESS = "AKTESTAKTESTAKTEST01";
    private static final String SECRET = "SKTESTSKTESTSKTESTSKTESTSKTESTSKTESTSKTE";
    private static final String READER = "AKTESTAKTESTAKTEST02";
    private static final String PATH = "/v2/" + RunningService.PROJECT;
    private static final String LIST = PATH + "/migration-tasks";
    private static final String CREATE = PATH + "/migration-task";
    private static final byte[] NO_BODY = new byte[0];

    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> properties = new HashMap<>();
        properties.put("redisbackup.auth", "signature, token");
        properties.put("redisbackup.auth.failures-per-address", "0");
        key(properties, "ci", ACCESS, "admin");
        key(properties, "looker", READER, "reader");
        service = RunningService.start(properties);
    }

    private static void key(Map<String, String> properties, String name, String access, String role) {
        String prefix = "redisbackup.auth.keys." + name + ".";
        properties.put(prefix + "access", access);
        properties.put(prefix + "secret", SECRET);
        properties.put(prefix + "projects", RunningService.PROJECT);
        properties.put(prefix + "role", role);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Else the wrong signatures of one test would lock the key for the next. */
    @BeforeEach
    void startAnew() throws Exception {
        assertThat(send("GET", LIST, "", signer(), NO_BODY, Map.of()).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/"})
    void theOfficialClient(String slash) throws Exception {
        DcsClient client = client(SECRET, slash);
        ListMigrationTaskResponse tasks = client.listMigrationTask(new ListMigrationTaskRequest()
                .withName("no such + name~*/&\u00e9")
                .withLimit(5));
        assertThat(tasks.getCount()).isZero();
        assertThat(tasks.getHttpStatusCode()).isEqualTo(200);
        assertThatThrownBy(() -> client.createMigrationTask(new CreateMigrationTaskRequest()
                        .withBody(new CreateMigrationTaskBody().withTaskName("T\u00e9st"))))
                .isInstanceOfSatisfying(ClientRequestException.class, e -> {
                    assertThat(e.getHttpStatusCode()).isEqualTo(400);
                    assertThat(e.getErrorCode()).isEqualTo("DCS.4800");
                });
    }

    @Test
    void theOfficialClientWithAnotherSecret() {
        assertThatThrownBy(() -> client(SECRET + "x", "").listMigrationTask(new ListMigrationTaskRequest()))
                .isInstanceOfSatisfying(ClientRequestException.class, e -> {
                    assertThat(e.getHttpStatusCode()).isEqualTo(401);
                    assertThat(e.getErrorCode()).isEqualTo("APIGW.0301");
                    assertThat(e.getErrorMsg())
                            .isEqualTo("Incorrect IAM authentication information: verify aksk signature fail");
                    assertThat(e.getRequestId()).matches("[0-9a-f]{32}");
                });
    }

    private static DcsClient client(String secret, String slash) {
        return DcsClient.newBuilder()
                .withCredential(
                        new BasicCredentials().withAk(ACCESS).withSk(secret).withProjectId(RunningService.PROJECT))
                .withEndpoints(List.of(service.uri(slash).toString()))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "eu-de/dcs", "/"})
    void bothFormsWithBody(String regionAndService) throws Exception {
        RequestSigner signer = signer();
        if (!regionAndService.isEmpty()) {
            signer.scoped(now(0).substring(0, 8) + "/" + regionAndService);
        }
        byte[] body = service.body("nothing").getBytes(StandardCharsets.UTF_8);
        HttpResponse<String> created = send("POST", CREATE, "", signer, body, Map.of());
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        service.finished(created.body().substring(7, 39));
    }

    @Test
    void aBodyInChunks() throws Exception {
        byte[] body = service.body("nothing").getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = signed("POST", CREATE, "", signer(), body, Map.of())
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));
        HttpResponse<String> created = service.send(request);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        service.finished(created.body().substring(7, 39));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"task_name\":\"another\"}"})
    void aBodyThatWasNotSigned(String sent) throws Exception {
        byte[] body = service.body("nothing").getBytes(StandardCharsets.UTF_8);
        assertRefused(
                service.send(
                        signed("POST", CREATE, "", signer(), body, Map.of()).POST(BodyPublishers.ofString(sent))),
                "verify aksk signature fail");
    }

    @Test
    void aBodyThatIsTooLarge() throws Exception {
        byte[] body = new byte[(1 << 20) + 1];
        AccessTest.assertError(
                send("POST", CREATE, "", signer(), body, Map.of()),
                413,
                "{\"error_code\":\"DCS.4005\",\"error_msg\":\"The message body is too large.\",\"error_ext_msg\":null}");
    }

    /** What can't be right is answered although the body is still to come. */
    @Test
    void theBodyIsNotWaitedForInVain() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), service.uri("").getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("POST " + CREATE + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nX-Sdk-Date: " + now(0)
                                    + "\r\nAuthorization: SDK-HMAC-SHA256 Access=AKNOBODY, SignedHeaders=host;x-sdk-date, Signature="
                                    + "0".repeat(64) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 401");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /migration-tasks, name=a",
        "GET, /migration-task, name=a",
        "GET, /migration-tasks, name=b",
        "GET, /migration-tasks, ''",
        "GET, /nowhere, name=a"
    })
    void aRequestLineThatWasNotSigned(String method, String path, String query) throws Exception {
        HttpRequest signed =
                signed("GET", LIST, "name=a", signer(), NO_BODY, Map.of()).build();
        HttpRequest.Builder other = service.request(PATH + path + (query.isEmpty() ? "" : "?" + query))
                .method(method, BodyPublishers.noBody());
        signed.headers().map().forEach((name, values) -> other.header(name, values.get(0)));
        assertRefused(service.send(other), "verify aksk signature fail");
        assertThat(service.send(signed("GET", LIST, "name=a", signer(), NO_BODY, Map.of()))
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "User-Agent, another, verify aksk signature fail",
        "X-Project-Id, fedcba9876543210fedcba9876543210, verify aksk signature fail",
        "X-Test, , a signed header is missing",
        "X-Sdk-Date, , the header X-Sdk-Date is missing",
        "X-Security-Token, x, temporary access keys (X-Security-Token) are not supported"
    })
    void aHeaderThatWasNotSigned(String name, String value, String reason) throws Exception {
        HttpRequest.Builder request = signed(
                "GET", LIST, "", signer(), NO_BODY, Map.of("x-test", "1", "x-project-id", RunningService.PROJECT));
        if (value == null) {
            HttpRequest.Builder without = service.request(LIST);
            request.build().headers().map().forEach((header, values) -> {
                if (!header.equalsIgnoreCase(name)) {
                    without.header(header, values.get(0));
                }
            });
            assertRefused(service.send(without), reason);
        } else {
            assertRefused(service.send(request.setHeader(name, value)), reason);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-16 * 60, 16 * 60, -365 * 24 * 3600})
    void anotherTime(long seconds) throws Exception {
        assertRefused(
                service.send(signed("GET", LIST, "", signer(), NO_BODY, Map.of("x-sdk-date", now(seconds)))),
                "signature expired: X-Sdk-Date is more than 15 minutes off this server's clock");
    }

    @Test
    void aPathThatCannotBeDecodedIsNotSigned() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), service.uri("").getPort())) {
            socket.getOutputStream()
                    .write(("GET /v2/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Sdk-Date: " + now(0)
                                    + "\r\nAuthorization: SDK-HMAC-SHA256 Access=" + ACCESS
                                    + ", SignedHeaders=host;x-sdk-date, Signature=" + "0".repeat(64) + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("the URL is not percent-encoded");
        }
    }

    @Test
    void anotherProject() throws Exception {
        String path = "/v2/" + RunningService.OTHER_PROJECT + "/migration-tasks";
        String expected = "{\"error_code\":\"DCS.1004\",\"error_msg\":\"Project ID does not match the token.\","
                + "\"error_ext_msg\":null}";
        AccessTest.assertError(send("GET", path, "", signer(), NO_BODY, Map.of()), 401, expected);
        AccessTest.assertError(
                send("GET", LIST, "", signer(), NO_BODY, Map.of("x-project-id", RunningService.OTHER_PROJECT)),
                401,
                expected);
    }

    @Test
    void aReadersKey() throws Exception {
        RequestSigner reader = new RequestSigner(READER, SECRET);
        assertThat(send("GET", LIST, "", reader, NO_BODY, Map.of()).statusCode())
                .isEqualTo(200);
        assertThat(send("POST", CREATE, "", reader, NO_BODY, Map.of()).body()).contains("DCS.3002");
    }

    @Test
    void aTokenBesideTheSignatureMustBeRightToo() throws Exception {
        assertThat(send("GET", LIST, "", signer(), NO_BODY, Map.of("x-auth-token", RunningService.ADMIN))
                        .statusCode())
                .isEqualTo(200);
        assertThat(send("GET", LIST, "", signer(), NO_BODY, Map.of("x-auth-token", "wrong"))
                        .body())
                .contains("DCS.1001");
        assertThat(service.send(service.asAdmin("/migration-tasks")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void fiveWrongSignaturesLockAKey() throws Exception {
        RequestSigner wrong = new RequestSigner(READER, "wrong");
        for (int i = 0; i < 5; i++) {
            assertRefused(send("GET", LIST, "", wrong, NO_BODY, Map.of()), "verify aksk signature fail");
        }
        HttpResponse<String> locked = send("GET", LIST, "", new RequestSigner(READER, SECRET), NO_BODY, Map.of());
        AccessTest.assertError(
                locked,
                429,
                "{\"error_code\":\"APIGW.0308\",\"error_msg\":\"The throttling threshold has been reached.\","
                        + "\"error_ext_msg\":null,\"request_id\":\"" + requestId(locked) + "\"}");
        AccessTest.assertHint(
                locked, "too many failed attempts to authenticate with this access key; try again in a minute");
    }

    private static void assertRefused(HttpResponse<String> response, String reason) {
        AccessTest.assertError(
                response,
                401,
                "{\"error_code\":\"APIGW.0301\",\"error_msg\":\"Incorrect IAM authentication information: " + reason
                        + "\",\"error_ext_msg\":null,\"request_id\":\"" + requestId(response) + "\"}");
    }

    private static String requestId(HttpResponse<String> response) {
        return response.headers().firstValue("X-Request-Id").orElseThrow();
    }

    private static RequestSigner signer() {
        return new RequestSigner(ACCESS, SECRET);
    }

    private static HttpResponse<String> send(
            String method, String path, String query, RequestSigner signer, byte[] body, Map<String, String> more)
            throws Exception {
        return service.send(signed(method, path, query, signer, body, more));
    }

    private static HttpRequest.Builder signed(
            String method, String path, String query, RequestSigner signer, byte[] body, Map<String, String> more) {
        SortedMap<String, String> headers = RequestSigner.headers(
                "host", "127.0.0.1:" + service.uri("").getPort(), "user-agent", "test", "x-sdk-date", now(0));
        headers.putAll(more);
        HttpRequest.Builder request = service.request(path + (query.isEmpty() ? "" : "?" + query))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body))
                .header("Authorization", signer.sign(method, path + "/", query, headers, body));
        // the client sends its own Host, the same
        headers.forEach((name, value) -> {
            if (!name.equals("host")) {
                request.header(name, value);
            }
        });
        return request;
    }

    private static String now(long plusSeconds) {
        return DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'")
                .withZone(ZoneOffset.UTC)
                .format(Instant.now().plusSeconds(plusSeconds));
    }
}
