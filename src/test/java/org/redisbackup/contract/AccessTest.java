package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in, and that nothing else of a request is looked at before. */
class AccessTest {
    private static final String LIST = "/v2/" + RunningService.PROJECT + "/migration-tasks";

    private final RunningService service = RunningService.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                LIST,
                "/",
                "/nowhere",
                "/v2/short/migration-tasks",
                "/v2/" + RunningService.PROJECT + "/nowhere",
                "/v2/" + RunningService.PROJECT + "/migration-task"
            })
    void nobodyGetsInWithoutAToken(String path) throws Exception {
        assertError(
                service.send(service.request(path)),
                401,
                "{\"error_code\":\"DCS.1003\",\"error_msg\":\"No token in the request.\",\"error_ext_msg\":null}");
    }

    @Test
    void anUnknownTokenIsRefused() throws Exception {
        assertError(
                get(LIST, "wrong"),
                401,
                "{\"error_code\":\"DCS.1001\",\"error_msg\":\"Invalid token.\",\"error_ext_msg\":null}");
    }

    @Test
    void aTokenOpensItsOwnProjectsAlone() throws Exception {
        String expected = "{\"error_code\":\"DCS.1004\",\"error_msg\":\"Project ID does not match the token.\","
                + "\"error_ext_msg\":null}";
        assertError(get(LIST, RunningService.OTHER), 401, expected);
        assertError(
                service.send(service.asAdmin("/migration-tasks").header("X-Project-Id", RunningService.OTHER_PROJECT)),
                401,
                expected);
    }

    @Test
    void neitherHeaderNorParameterPassesForThePath() throws Exception {
        String id = service.create(service.body("nothing"));
        String path = "/v2/" + RunningService.OTHER_PROJECT + "/migration-task/" + id + "?project_id="
                + RunningService.PROJECT;
        HttpResponse<String> response = service.send(service.request(path)
                .header("X-Auth-Token", RunningService.OTHER)
                .header("project_id", RunningService.PROJECT));
        assertThat(get("/v2/" + RunningService.OTHER_PROJECT + "/migration-tasks", RunningService.OTHER)
                        .body())
                .isEqualTo("{\"count\":0,\"migration_tasks\":[]}");
        assertError(
                response,
                400,
                "{\"error_code\":\"DCS.4133\",\"error_msg\":\"Instance job is not found.\",\"error_ext_msg\":null}");
        service.finished(id);
    }

    @Test
    void aTaskOfAnotherProjectIsUnknown() throws Exception {
        String id = service.create(service.body("nothing"));
        service.finished(id);
        String unknown =
                "{\"error_code\":\"DCS.4133\",\"error_msg\":\"Instance job is not found.\",\"error_ext_msg\":null}";
        String task = "/migration-task/" + id;
        for (String path : List.of(task, task + "/stats", task + "/logs")) {
            assertError(service.send(asOther(path)), 400, unknown);
        }
        for (String path : List.of(task + "/stop", task + "/sync-stop")) {
            assertError(service.send(asOther(path).POST(BodyPublishers.noBody())), 400, unknown);
        }
        assertThat(service.send(asOther("/migration-task/batch-stop")
                                .POST(BodyPublishers.ofString("{\"migration_tasks\":[\"" + id + "\"]}")))
                        .body())
                .startsWith("{\"error_code\":\"DCS.4855\"");
        String ids = "{\"task_id_list\":[\"" + id + "\"]}";
        HttpRequest.Builder delete = asOther("/migration-tasks/delete").method("DELETE", BodyPublishers.ofString(ids));
        assertThat(service.send(delete).body()).isEqualTo(ids); // as for any id that is unknown
        assertThat(service.get(task).get("status").asText()).isEqualTo("FAILED");
    }

    private HttpRequest.Builder asOther(String path) {
        return service.request("/v2/" + RunningService.OTHER_PROJECT + path)
                .header("X-Auth-Token", RunningService.OTHER);
    }

    @Test
    void aProjectIdHasAForm() throws Exception {
        assertError(
                get("/v2/0123/migration-tasks", RunningService.ADMIN),
                400,
                "{\"error_code\":\"DCS.4002\",\"error_msg\":\"Invalid project ID format.\",\"error_ext_msg\":null}");
    }

    @Test
    void aReaderMayLookButNotCreate() throws Exception {
        assertThat(get(LIST, RunningService.READER).statusCode()).isEqualTo(200);
        HttpRequest.Builder create = service.request("/v2/" + RunningService.PROJECT + "/migration-task")
                .header("X-Auth-Token", RunningService.READER)
                .POST(BodyPublishers.ofString(service.body("types.rdb")));
        assertError(
                service.send(create),
                403,
                "{\"error_code\":\"DCS.3002\",\"error_msg\":\"This tenant has read permission only and cannot perform"
                        + " this operation.\",\"error_ext_msg\":null}");
    }

    /** Tokens of large clouds have up to 16 KB. */
    @Test
    void longTokensAreLookedAt() throws Exception {
        assertError(
                get(LIST, "x".repeat(16 * 1024)),
                401,
                "{\"error_code\":\"DCS.1001\",\"error_msg\":\"Invalid token.\",\"error_ext_msg\":null}");
        HttpResponse<String> tooLong = get(LIST, "x".repeat(16 * 1024 + 1));
        assertError(
                tooLong, 401, "{\"error_code\":\"DCS.1001\",\"error_msg\":\"Invalid token.\",\"error_ext_msg\":null}");
        assertHint(tooLong, "a token has 16384 characters at most");
        assertError(
                get(LIST, "x".repeat(40 * 1024)),
                431,
                "{\"error_code\":\"DCS.4005\",\"error_msg\":\"The request headers are too large.\","
                        + "\"error_ext_msg\":null}");
        assertThat(get(LIST, RunningService.ADMIN).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNoRequestIsAnsweredInJson() throws Exception {
        assertError(
                get(LIST + "?name=" + "x".repeat(5000), RunningService.ADMIN),
                414,
                "{\"error_code\":\"DCS.4001\",\"error_msg\":\"The requested URL is too long.\",\"error_ext_msg\":null}");
        try (Socket socket =
                new Socket(service.uri("").getHost(), service.uri("").getPort())) {
            socket.getOutputStream().write("GET / HTTP/9.x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .contains(" 400 Bad Request")
                    .contains("application/json")
                    .endsWith("{\"error_code\":\"DCS.4005\",\"error_msg\":\"The request is not in HTTP format.\","
                            + "\"error_ext_msg\":null}");
        }
    }

    @Test
    void guessingTokensIsStopped() throws Exception {
        try (RunningService other = RunningService.start(Map.of())) {
            for (int i = 0; i < 20; i++) {
                HttpRequest.Builder wrong = other.request(LIST).header("X-Auth-Token", "guess " + i);
                assertThat(other.send(wrong).statusCode()).isEqualTo(401);
            }
            HttpResponse<String> refused = other.send(other.asAdmin("/migration-tasks"));
            assertError(
                    refused,
                    429,
                    "{\"error_code\":\"APIGW.0308\",\"error_msg\":\"The throttling threshold has been reached.\","
                            + "\"error_ext_msg\":null,\"request_id\":\""
                            + refused.headers().firstValue("X-Request-Id").orElseThrow() + "\"}");
            assertHint(refused, "too many failed attempts to authenticate with this address; try again in a minute");
        }
    }

    @Test
    void theTokenIsNotSentBack() throws Exception {
        HttpResponse<String> response = get(LIST, RunningService.READER);
        assertThat(response.headers().map().toString()).doesNotContain(RunningService.READER);
        assertThat(response.body()).doesNotContain(RunningService.READER);
    }

    private HttpResponse<String> get(String path, String token) throws Exception {
        return service.send(service.request(path).header("X-Auth-Token", token));
    }

    /** @param hint null for none */
    static void assertHint(HttpResponse<String> response, String hint) {
        assertThat(response.headers().firstValue("X-Error-Hint")).isEqualTo(Optional.ofNullable(hint));
    }

    static void assertError(HttpResponse<String> response, int status, String body) {
        assertThat(response.body()).isEqualTo(body);
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(response.headers().firstValue("X-Request-Id"))
                .get()
                .asString()
                .matches("[0-9a-f]{32}");
    }
}
