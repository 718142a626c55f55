package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisbackup.api.ErrorCode;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Every error that this service can answer, word by word as the contract has it. What comes of a Keystone, or while the
 * service starts, is tested apart.
 */
class ErrorTableTest {
    private static final String UNKNOWN = "0123456789abcdef0123456789abcdef";
    private static final String UNKNOWN_UUID = "00000000-0000-0000-0000-000000000000";
    private static final String GONE = "b1f6f7c0-54a3-4c39-8a3e-6a5e7f1f0d77";

    private static RunningService service;

    /** What is answered, if the call is made. */
    private record Row(int status, String code, String message, Call call) {}

    private interface Call {
        RawHttp.Answer make() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(Map.of(
                "redisbackup.auth",
                "token,signature",
                "redisbackup.auth.keys.ci.access",
                "AK",
                "redisbackup.auth.keys.ci.secret",
                "SK",
                "redisbackup.auth.keys.ci.projects",
                RunningService.PROJECT,
                "redisbackup.tasks.per-target",
                "1",
                "redisbackup.tasks.per-project",
                "1",
                "redisbackup.instances." + GONE + ".url",
                "redis://127.0.0.1:" + RunningService.freePort()));
        service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
    }

    @AfterAll
    static void end() {
        service.close();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TOKEN_EXPIRED", "NO_PERMISSION", "NOT_READY"})
    void everyErrorIsAsDocumented(ErrorCode code) throws Exception {
        Row row = row(code);
        RawHttp.Answer answer = row.call().make();
        assertThat(answer.status()).isEqualTo(row.status());
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("X-Request-Id")).matches("[0-9a-f]{32}");
        String expected = "{\"error_code\":\"" + row.code() + "\",\"error_msg\":\"" + row.message()
                + "\",\"error_ext_msg\":null}";
        if (row.code().startsWith("APIGW.")) { // a gateway's; what is wrong may follow, and the id of the request
            assertThat(answer.body())
                    .startsWith(expected.split("\",\"error_ext_msg")[0])
                    .endsWith("\",\"error_ext_msg\":null,\"request_id\":\"" + answer.header("X-Request-Id") + "\"}");
        } else {
            assertThat(answer.body()).isEqualTo(expected);
        }
    }

    /** A code without a row does not compile. */
    private Row row(ErrorCode code) {
        return switch (code) {
            case INVALID_TOKEN -> new Row(401, "DCS.1001", "Invalid token.", () -> list("wrong"));
            case NO_TOKEN -> new Row(401, "DCS.1003", "No token in the request.", () -> send(service.request("/")));
            case WRONG_PROJECT ->
                new Row(401, "DCS.1004", "Project ID does not match the token.", () -> list(RunningService.OTHER));
            case NOT_AUTHENTIC ->
                new Row(
                        401,
                        "APIGW.0301",
                        "Incorrect IAM authentication information: ",
                        () -> send(service.request("/v2/" + RunningService.PROJECT + "/migration-tasks")
                                .header("X-Sdk-Date", "20200101T000000Z")
                                .header(
                                        "Authorization",
                                        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host;x-sdk-date, Signature=00")));
            case READ_ONLY ->
                new Row(
                        403,
                        "DCS.3002",
                        "This tenant has read permission only and cannot perform this operation.",
                        () -> send(service.request("/v2/" + RunningService.PROJECT + "/migration-task")
                                .header("X-Auth-Token", RunningService.READER)
                                .POST(BodyPublishers.ofString("{}"))));
            case UNKNOWN_INSTANCE ->
                new Row(404, "DCS.3022", "This DCS instance does not exist.", () -> create(UNKNOWN_UUID, null));
            case UNKNOWN_URL ->
                new Row(404, "DCS.4001", "The requested URL does not exist.", () -> post("/migration/instance", "{}"));
            case INVALID_PROJECT_ID ->
                new Row(
                        400,
                        "DCS.4002",
                        "Invalid project ID format.",
                        () -> send(service.request("/v2/x/instances").header("X-Auth-Token", RunningService.ADMIN)));
            case EMPTY_BODY -> new Row(400, "DCS.4004", "Empty request body.", () -> post("/migration-task", ""));
            case INVALID_JSON ->
                new Row(
                        400,
                        "DCS.4005",
                        "The message body contains invalid characters or is not in JSON format.",
                        () -> post("/migration-task", "{"));
            case NOT_HTTP ->
                new Row(400, "DCS.4005", "The request is not in HTTP format.", () -> raw("nonsense\r\n\r\n"));
            case URL_TOO_LONG ->
                new Row(
                        414,
                        "DCS.4001",
                        "The requested URL is too long.",
                        () -> raw("GET /" + "x".repeat(10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"));
            case HEADERS_TOO_LARGE ->
                new Row(
                        431,
                        "DCS.4005",
                        "The request headers are too large.",
                        () -> raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(100_000) + "\r\n\r\n"));
            case BODY_TOO_LARGE ->
                new Row(
                        413,
                        "DCS.4005",
                        "The message body is too large.",
                        () -> post("/migration-task", " ".repeat((1 << 20) + 1)));
            case LONG_DESCRIPTION ->
                new Row(
                        400,
                        "DCS.4011",
                        "DCS instance description cannot exceed 1024 characters.",
                        () -> post(
                                "/migration-task",
                                body(RunningService.INSTANCE, null)
                                        .replaceFirst("\\{", "{\"description\":\"" + "x".repeat(1025) + "\",")));
            case TARGET_BUSY ->
                new Row(
                        400,
                        "DCS.4017",
                        "This DCS instance job task is still running.",
                        () -> whileATaskRuns(task -> create(RunningService.INSTANCE, null)));
            case TOO_MANY_TASKS ->
                new Row(
                        400,
                        "DCS.4039",
                        "The quota limit has been reached.",
                        () -> whileATaskRuns(
                                task -> create(RunningService.PROTECTED_INSTANCE, RunningService.PROTECTED_PASSWORD)));
            case NOT_NOW ->
                new Row(
                        400,
                        "DCS.4026",
                        "This operation is not allowed when the DCS instance is in the current state.",
                        this::whileAScriptRuns);
            case NOT_RUNNING ->
                new Row(400, "DCS.4049", "The instance status is not running.", () -> create(GONE, null));
            case INVALID_INSTANCE_ID ->
                new Row(400, "DCS.4061", "Invalid instance ID format.", () -> get("/instances/x"));
            case INVALID_TASK_ID ->
                new Row(400, "DCS.4070", "Invalid task ID format.", () -> get("/migration-task/batch-stop"));
            case PASSWORD_WRONG ->
                new Row(
                        400,
                        "DCS.4080",
                        "Instance password verify failed.",
                        () -> create(RunningService.PROTECTED_INSTANCE, "wrong"));
            case BACKUP_RECORD_UNUSABLE ->
                new Row(
                        400,
                        "DCS.4087",
                        "the backup record status is err when restore this instance",
                        () -> post(
                                "/migration-task",
                                body(RunningService.INSTANCE, null)
                                        .replace(
                                                "self_build_obs\"",
                                                "backup_record\",\"backup_id\":\"" + UNKNOWN_UUID + "\"")));
            case TOO_MANY_IDS ->
                new Row(
                        400,
                        "DCS.4100",
                        "The number of instance IDs in an instances array cannot exceed 50.",
                        () -> post("/migration-task/batch-stop", ids(51)));
            case UNKNOWN_TASK ->
                new Row(400, "DCS.4133", "Instance job is not found.", () -> get("/migration-task/" + UNKNOWN));
            case INVALID_FIELD ->
                new Row(400, "DCS.4800", "Invalid limit in the request.", () -> get("/migration-tasks?limit=0"));
            case PASSWORD_MISSING ->
                new Row(
                        400,
                        "DCS.4845",
                        "The password parameter is missing or its value is invalid.",
                        () -> create(RunningService.PROTECTED_INSTANCE, null));
            case UNKNOWN_TASKS ->
                new Row(
                        400,
                        "DCS.4855",
                        "invalid migration task id in the request.",
                        () -> post("/migration-task/batch-stop", ids(50)));
            case WRONG_STATE ->
                new Row(
                        400,
                        "DCS.4957",
                        "This operation is not allowed when the task is in the current state.",
                        () -> whileATaskRuns(task -> send(service.asAdmin("/migration-tasks/delete")
                                .method("DELETE", BodyPublishers.ofString("{\"task_id_list\":[\"" + task + "\"]}")))));
            case TOO_MANY_REQUESTS ->
                new Row(
                        429,
                        "APIGW.0308",
                        "The throttling threshold has been reached.",
                        ErrorTableTest::afterAWrongToken);
            case METHOD_NOT_ALLOWED ->
                new Row(405, "DCS.5001", "This request method is not allowed.", () -> post("/migration-tasks", "{}"));
            case INTERNAL -> new Row(500, "DCS.5000", "Internal service error.", this::whileTheStateRefuses);
            case TOKEN_EXPIRED, NO_PERMISSION, NOT_READY ->
                throw new IllegalArgumentException(code + " is tested elsewhere");
        };
    }

    private static RawHttp.Answer send(HttpRequest.Builder request) throws Exception {
        return answer(service.send(request));
    }

    private static RawHttp.Answer answer(HttpResponse<String> response) {
        Map<String, String> headers = new HashMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, values.get(0)));
        return new RawHttp.Answer(response.statusCode(), headers, response.body());
    }

    private static RawHttp.Answer list(String token) throws Exception {
        return send(service.request("/v2/" + RunningService.PROJECT + "/migration-tasks")
                .header("X-Auth-Token", token));
    }

    private static RawHttp.Answer get(String path) throws Exception {
        return send(service.asAdmin(path));
    }

    private static RawHttp.Answer post(String path, String body) throws Exception {
        return send(service.asAdmin(path).POST(BodyPublishers.ofString(body)));
    }

    private static RawHttp.Answer raw(String request) throws Exception {
        return RawHttp.exchange(service.uri(""), request).orElseThrow();
    }

    private static String body(String instance, String password) {
        return RunningService.body("test-import", service.bucket(), "types.rdb", instance, password);
    }

    private static RawHttp.Answer create(String instance, String password) throws Exception {
        return post("/migration-task", body(instance, password));
    }

    private static String ids(int number) {
        List<String> ids =
                IntStream.range(0, number).mapToObj(i -> "\"" + UNKNOWN + "\"").toList();
        return "{\"migration_tasks\":" + ids + "}";
    }

    private interface CallWithTask {
        RawHttp.Answer make(String task) throws Exception;
    }

    private static RawHttp.Answer whileATaskRuns(CallWithTask call) throws Exception {
        RunningService.Paused paused = service.pauseTarget();
        String task = service.create(body(RunningService.INSTANCE, null));
        try {
            return call.make(task);
        } finally {
            paused.close();
            service.finished(task);
        }
    }

    private static RawHttp.Answer afterAWrongToken() throws Exception {
        try (RunningService strict = RunningService.start(Map.of("redisbackup.auth.failures-per-address", "1"))) {
            HttpResponse<String> wrong = strict.send(strict.request("/").header("X-Auth-Token", "wrong"));
            assertThat(wrong.statusCode()).isEqualTo(401);
            return answer(strict.send(strict.asAdmin("/migration-tasks")));
        }
    }

    private RawHttp.Answer whileAScriptRuns() throws Exception {
        try (Jedis target = service.target();
                Jedis other = service.target()) {
            target.configSet("busy-reply-threshold", "1");
            CompletableFuture<Void> script = CompletableFuture.runAsync(() -> {
                try (Jedis busy = service.target()) {
                    busy.eval("while true do end");
                } catch (JedisException e) {
                    // it was killed
                }
            });
            try {
                Conditions.await(() -> isBusy(other));
                return create(RunningService.INSTANCE, null);
            } finally {
                other.scriptKill();
                script.join();
                target.configSet("busy-reply-threshold", "5000");
            }
        }
    }

    private static boolean isBusy(Jedis redis) {
        try {
            redis.ping();
            return false;
        } catch (JedisDataException e) {
            return true;
        }
    }

    private RawHttp.Answer whileTheStateRefuses() throws Exception {
        try (Jedis state = service.state()) {
            state.aclSetUser("default", "-zcard");
            try {
                return get("/migration-tasks");
            } finally {
                state.aclSetUser("default", "+zcard");
            }
        }
    }
}
