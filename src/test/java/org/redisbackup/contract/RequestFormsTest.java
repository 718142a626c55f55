package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** In which forms a request may come, beyond what it says. */
class RequestFormsTest {
    private static final String UNKNOWN_TASK =
            "{\"error_code\":\"DCS.4133\",\"error_msg\":\"Instance job is not found.\",\"error_ext_msg\":null}";
    private static final String UNKNOWN = "0123456789abcdef0123456789abcdef";

    private final RunningService service = RunningService.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/json;charset=UTF-8",
                "Application/JSON",
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "nonsense"
            })
    void aBodyIsReadAsJsonWhateverItsType(String type) throws Exception {
        HttpResponse<String> created = service.send(service.asAdmin("/migration-task")
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(service.body("nothing.rdb"))));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
        assertThat(Files.exists(Path.of("file-uploads"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "//v2/P/migration-task/T, 400, DCS.4133",
        "/v2//P///migration-task/T, 400, DCS.4133",
        "/v2/P/migration-task/T/, 404, DCS.4001",
        "/v2/P/migration-task/a%2Fb, 400, DCS.4070",
        "/v2/P/migration-task/%7Bid%7D, 400, DCS.4070",
        "/v2/P/migration-task/%C3%28, 400, DCS.4070",
        "/v2/P/./migration-task/T, 400, DCS.4133",
        "/v2/P/x/../migration-task/T, 400, DCS.4133",
        "/V2/P/migration-task/T, 404, DCS.4001",
        "/v2/P/migration-task/T?, 400, DCS.4133",
        "/v2/P/migration-tasks?x=%, 400, DCS.4800",
        "/v2/P/migration-tasks?x=%zz, 400, DCS.4800",
        "/v2/P/migration-tasks?name=%C3%28, 400, DCS.4800",
        "/v2/P/migration/instance, 404, DCS.4001",
        "/v2/P/migration-task/T/exchange-ip, 404, DCS.4001"
    })
    void pathsAreMatched(String path, int status, String code) throws Exception {
        String request =
                "GET " + path.replace("/P", "/" + RunningService.PROJECT).replace("/T", "/" + UNKNOWN)
                        + " HTTP/1.1\r\nHost: a\r\nX-Auth-Token: " + RunningService.ADMIN + "\r\n\r\n";
        RawHttp.Answer answer = RawHttp.exchange(service.uri(""), request).orElseThrow();
        assertThat(answer.status() + " " + answer.body()).startsWith(status + " {\"error_code\":\"" + code + "\"");
        assertThat(answer.header("X-Request-Id")).matches("[0-9a-f]{32}");
    }

    @Test
    void aPostWithoutABodyMayClaimToBeJson() throws Exception {
        String request = "POST /v2/" + RunningService.PROJECT + "/migration-task/" + UNKNOWN
                + "/stop HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 0\r\nX-Auth-Token: "
                + RunningService.ADMIN + "\r\n\r\n";
        assertThat(RawHttp.exchange(service.uri(""), request).orElseThrow().body())
                .isEqualTo(UNKNOWN_TASK);
    }

    @Test
    void requestsMayFollowEachOtherUnanswered() throws Exception {
        String request = "GET /v2/" + RunningService.PROJECT + "/migration-task/" + UNKNOWN
                + " HTTP/1.1\r\nHost: a\r\nX-Auth-Token: " + RunningService.ADMIN + "\r\n\r\n";
        try (RawHttp connection = new RawHttp(service.uri(""))) {
            connection.send(request.repeat(20).getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < 20; i++) {
                assertThat(connection.read(false).orElseThrow().body()).isEqualTo(UNKNOWN_TASK);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HEAD, /migration-tasks, GET",
        "OPTIONS, /migration-tasks, GET",
        "PATCH, /migration-task/T, 'GET, PUT'",
        "BREW, /migration-task, POST",
        "PUT, /migration-task/batch-stop/, -",
        "DELETE, /migration-task/batch-stop, 'GET, POST, PUT'"
    })
    void otherMethodsAreToldWhichAreAllowed(String method, String path, String allowed) throws Exception {
        HttpResponse<String> response = service.send(
                service.asAdmin(path.replace("/T", "/" + UNKNOWN)).method(method, BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(allowed.equals("-") ? 404 : 405);
        assertThat(response.headers().firstValue("Allow").orElse("-")).isEqualTo(allowed);
    }

    @Test
    void unknownFieldsAreIgnoredButNotUnknownOptions() throws Exception {
        String body = service.body("nothing.rdb");
        for (String field : new String[] {"\"x\":{\"y\":[1]},", "\"import_options\":{},", "\"import_options\":null,"}) {
            assertThat(service.post(body.replaceFirst("\\{", "{" + field)).statusCode())
                    .as(field)
                    .isEqualTo(200);
        }
        HttpResponse<String> refused = service.post(body.replaceFirst("\\{", "{\"import_options\":{\"x\":1},"));
        AccessTest.assertError(
                refused,
                400,
                "{\"error_code\":\"DCS.4800\",\"error_msg\":\"Invalid import_options in the request.\","
                        + "\"error_ext_msg\":null}");
        assertThat(refused.headers().firstValue("X-Error-Hint"))
                .contains(
                        "there is no option x; there are [conflict_policy, databases, dry_run, exclude, expiry, include,"
                                + " invalid_values, method, on_loss, rename, replace_all, unknown_version, verify, verify_first]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"task_name\":\"a\",\"task_name\":\"b\"}",
                "{\"x\":1,\"x\":2}",
                "{\"task_name\":1e999}",
                "{\"task_name\":\"\\ud800\"}",
                "{\"task_name\":NaN}",
                "{'task_name':'a'}"
            })
    void jsonIsTakenStrictly(String body) throws Exception {
        assertThat(service.post(body).body()).startsWith("{\"error_code\":\"DCS.4005\"");
    }

    @Test
    void nestingAndDigitsAreBounded() throws Exception {
        assertThat(service.post("[".repeat(500_000)).body()).startsWith("{\"error_code\":\"DCS.4005\"");
        assertThat(service.post("{\"a\":".repeat(100_000)).body()).startsWith("{\"error_code\":\"DCS.4005\"");
        assertThat(service.post("{\"a\":" + "9".repeat(100_000) + "}").body()).startsWith("{\"error_code\":\"DCS.4");
        String links = "/instances/" + RunningService.INSTANCE + "/backups/" + RunningService.INSTANCE + "/links";
        for (String number : new String[] {"300.0", "\"300\"", "true", "99999999999", "3e2"}) {
            assertThat(service.send(service.asAdmin(links)
                                    .POST(BodyPublishers.ofString("{\"expiration\":" + number + "}")))
                            .body())
                    .as(number)
                    .startsWith("{\"error_code\":\"DCS.4005\"");
        }
    }
}
