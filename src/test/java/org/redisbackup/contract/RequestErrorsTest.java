package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is answered to requests that the contract does not allow, word by word. */
class RequestErrorsTest {
    private static final String VALID =
            RunningService.body("test-import", "bucket-of-nobody", "a.rdb", RunningService.INSTANCE, null);

    private final RunningService service = RunningService.shared();

    @ParameterizedTest
    @ValueSource(strings = {"/nowhere", "/migration-task/a/b/c", "/migration-task/batch-stop/x"})
    void anUnknownAddress(String path) throws Exception {
        AccessTest.assertError(
                service.send(service.asAdmin(path)),
                404,
                "{\"error_code\":\"DCS.4001\",\"error_msg\":\"The requested URL does not exist.\",\"error_ext_msg\":null}");
    }

    @Test
    void anAddressThatCannotBeDecoded() throws Exception {
        try (Socket socket =
                new Socket(service.uri("").getHost(), service.uri("").getPort())) { // clients won't send it
            String request = "GET /v2/%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Auth-Token: "
                    + RunningService.ADMIN + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 404 ")
                    .contains("Content-Type: application/json\r\n")
                    .endsWith(
                            "\r\n\r\n{\"error_code\":\"DCS.4001\",\"error_msg\":\"The requested URL does not exist.\","
                                    + "\"error_ext_msg\":null}");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE, /migration-task",
        "GET, /migration-task",
        "POST, /migration-tasks",
        "HEAD, /migration-tasks",
        "POST, /migration-task/0123456789abcdef0123456789abcdef"
    })
    void anotherMethod(String method, String path) throws Exception {
        HttpResponse<String> response =
                service.send(service.asAdmin(path).method(method, HttpRequest.BodyPublishers.noBody()));
        String body = "{\"error_code\":\"DCS.5001\",\"error_msg\":\"This request method is not allowed.\","
                + "\"error_ext_msg\":null}";
        AccessTest.assertError(response, 405, method.equals("HEAD") ? "" : body);
    }

    @Test
    void anEmptyBody() throws Exception {
        String expected = "{\"error_code\":\"DCS.4004\",\"error_msg\":\"Empty request body.\",\"error_ext_msg\":null}";
        AccessTest.assertError(service.post(""), 400, expected);
        AccessTest.assertError(service.post("null"), 400, expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"text\"",
                "<xml/>",
                "{} {}",
                "{\"task_name\":5}",
                "{\"task_name\":true}",
                "{\"task_name\":{}}",
                "{\"backup_files\":[]}",
                "{\"backup_files\":{\"files\":{}}}",
                "{\"backup_files\":{\"files\":[\"a.rdb\"]}}",
                "{\"backup_files\":{\"files\":[{\"file_name\":1}]}}",
                "{\"target_instance\":\"x\"}"
            })
    void noJsonOrAWrongType(String body) throws Exception {
        AccessTest.assertError(service.post(body), 400, INVALID_JSON);
    }

    private static final String INVALID_JSON =
            "{\"error_code\":\"DCS.4005\",\"error_msg\":\"The message body contains invalid characters or is not in JSON"
                    + " format.\",\"error_ext_msg\":null}";

    @Test
    void bytesThatAreNoText() throws Exception {
        byte[] bytes = ("{\"task_name\":\"" + "\u00ff" + "\"}").getBytes(StandardCharsets.ISO_8859_1);
        AccessTest.assertError(
                service.send(service.asAdmin("/migration-task").POST(BodyPublishers.ofByteArray(bytes))),
                400,
                INVALID_JSON);
    }

    @Test
    void aBodyThatIsTooLarge() throws Exception {
        String expected =
                "{\"error_code\":\"DCS.4005\",\"error_msg\":\"The message body is too large.\",\"error_ext_msg\":null}";
        byte[] bytes = new byte[(1 << 20) + 1];
        AccessTest.assertError(
                service.send(service.asAdmin("/migration-task").POST(BodyPublishers.ofByteArray(bytes))),
                413,
                expected);
    }

    @Test
    void theContentTypeIsNotLookedAt() throws Exception {
        HttpRequest.Builder plain = service.asAdmin("/migration-task")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("no JSON"));
        AccessTest.assertError(service.send(plain), 400, INVALID_JSON);
        String id = service.create(service.body("nothing"));
        HttpRequest.Builder chunked = service.asAdmin("/migration-task")
                .POST(BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(service.body("nothing").getBytes(StandardCharsets.UTF_8))));
        assertThat(service.send(chunked).statusCode()).isEqualTo(200);
        service.finished(id);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"test-import\" | null | task_name | expected a letter and 3 to 63 letters, digits, '-' or '_'",
                "test-import | abc | task_name | expected a letter and 3 to 63 letters, digits, '-' or '_'",
                "test-import | 1abc | task_name | expected a letter and 3 to 63 letters, digits, '-' or '_'",
                "test-import | a b c d | task_name | expected a letter and 3 to 63 letters, digits, '-' or '_'",
                "\"backupfile_import\" | null | migration_type | expected backupfile_import",
                "backupfile_import | online_migration | migration_type | expected backupfile_import",
                "full_amount_migration | half | migration_method | expected full_amount_migration or incremental_migration",
                "self_build_obs | elsewhere | file_source | expected self_build_obs or backup_record",
                "\"bucket-of-nobody\" | null | bucket_name | expected the name of a bucket",
                "bucket-of-nobody | private | bucket_name | this bucket may not be read: redisbackup.buckets.allow does"
                        + " not name it",
                "{\"file_name\":\"a.rdb\"} |  | files | expected 1 to 1000 files",
                "\"a.rdb\" | null | file_name | expected an object key of 1 to 1024 bytes",
                "\"a.rdb\" | \"\" | file_name | expected an object key of 1 to 1024 bytes",
                "{\"id\":\"d2c8399f-bdba-43c1-8069-3ff17a1a79d5\"} | null | target_instance | expected an object",
                "\"d2c8399f-bdba-43c1-8069-3ff17a1a79d5\" | null | target_instance | expected its id"
            })
    void aFieldThatIsNotAllowed(String part, String replacement, String field, String expected) throws Exception {
        assertThat(VALID).contains(part);
        assertInvalid(service.post(VALID.replace(part, replacement == null ? "" : replacement)), field, expected);
    }

    private static void assertInvalid(HttpResponse<String> response, String field, String hint) {
        AccessTest.assertError(
                response,
                400,
                "{\"error_code\":\"DCS.4800\",\"error_msg\":\"Invalid " + field + " in the request.\","
                        + "\"error_ext_msg\":null}");
        assertThat(response.headers().firstValue("X-Error-Hint")).contains(hint);
    }

    @Test
    void aDescriptionThatIsTooLong() throws Exception {
        String body = VALID.replace("{\"task_name\"", "{\"description\":\"" + "x".repeat(1025) + "\",\"task_name\"");
        AccessTest.assertError(
                service.post(body),
                400,
                "{\"error_code\":\"DCS.4011\",\"error_msg\":\"DCS instance description cannot exceed 1024 characters.\","
                        + "\"error_ext_msg\":null}");
    }

    @Test
    void aTargetThatIsNotThere() throws Exception {
        AccessTest.assertError(
                service.post(VALID.replace(RunningService.INSTANCE, "not-a-uuid")),
                400,
                "{\"error_code\":\"DCS.4061\",\"error_msg\":\"Invalid instance ID format.\",\"error_ext_msg\":null}");
        AccessTest.assertError(
                service.post(VALID.replace(RunningService.INSTANCE, "00000000-0000-0000-0000-000000000000")),
                404,
                "{\"error_code\":\"DCS.3022\",\"error_msg\":\"This DCS instance does not exist.\",\"error_ext_msg\":null}");
    }

    @Test
    void aBackupRecord() throws Exception {
        String body =
                VALID.replace("self_build_obs\"", "backup_record\",\"backup_id\":\"" + RunningService.INSTANCE + "\"");
        HttpResponse<String> response = service.post(body);
        AccessTest.assertError(
                response,
                400,
                "{\"error_code\":\"DCS.4087\",\"error_msg\":\"the backup record status is err when restore this instance\","
                        + "\"error_ext_msg\":null}");
        assertThat(response.headers().firstValue("X-Error-Hint")).contains("there is no such backup record");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/stats"})
    void aTaskThatIsNotThere(String what) throws Exception {
        AccessTest.assertError(
                service.send(service.asAdmin("/migration-task/0123456789abcdef0123456789abcdef" + what)),
                400,
                "{\"error_code\":\"DCS.4133\",\"error_msg\":\"Instance job is not found.\",\"error_ext_msg\":null}");
        AccessTest.assertError(
                service.send(service.asAdmin("/migration-task/batch-stop" + what)),
                400,
                "{\"error_code\":\"DCS.4070\",\"error_msg\":\"Invalid task ID format.\",\"error_ext_msg\":null}");
    }

    @ParameterizedTest
    @CsvSource({
        "offset=-1, offset, 0 to 2147483647",
        "offset=x, offset, 0 to 2147483647",
        "offset=, offset, 0 to 2147483647",
        "limit=0, limit, 1 to 1000",
        "limit=1001, limit, 1 to 1000"
    })
    void aPageThatCannotBe(String query, String parameter, String range) throws Exception {
        assertInvalid(
                service.send(service.asAdmin("/migration-tasks?" + query)),
                parameter,
                "expected a number from " + range);
    }
}
