package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;

/** Schedules as resources of the API, and what is told of them. */
class ScheduleApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIGURED = "redisbackup.schedules.from-file.";
    private static final String NEVER = "0 0 0 1 1 ?";

    @TempDir
    private static Path told;

    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(Map.of(
                CONFIGURED + "cron",
                NEVER,
                CONFIGURED + "bucket",
                "${bucket}",
                CONFIGURED + "prefix",
                "",
                CONFIGURED + "target",
                RunningService.INSTANCE,
                CONFIGURED + "project",
                RunningService.PROJECT,
                "redisbackup.schedule.endpoint",
                "file:" + told + "?fileName=${exchangeId}.json"));
        service.put("a/types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
    }

    @AfterAll
    static void end() {
        service.close();
    }

    @Test
    void aScheduleIsCreatedChangedAndDeleted() throws Exception {
        JsonNode created = ok("POST", "", body("life-cycle", NEVER, "a/", ",\"time_zone\":\"Europe/Berlin\""));
        assertThat(created.get("next_run_at").asText()).endsWith("-12-31T23:00:00.000Z");
        assertThat(created.get("configured").asBoolean()).isFalse();
        assertThat(ok("GET", "/life-cycle", null)).isEqualTo(created);
        assertThat(created.get("last_run_at").isNull()).isTrue();

        assertError(send("POST", "", body("life-cycle", NEVER, "a/", "")), 400, "DCS.4800", "already");

        JsonNode changed = ok("PUT", "/life-cycle", body("x", NEVER, "b/", ",\"select\":\"all-new\""));
        assertThat(changed.get("name").asText()).isEqualTo("life-cycle");
        assertThat(changed.get("prefix").asText()).isEqualTo("b/");
        assertThat(changed.get("time_zone").isNull())
                .as("as if it had never been there")
                .isTrue();

        assertThat(ok("POST", "/life-cycle/pause", "").get("paused").asBoolean())
                .isTrue();
        assertThat(ok("GET", "/life-cycle", null).get("next_run_at").isNull()).isTrue();
        assertThat(ok("POST", "/life-cycle/resume", "").get("paused").asBoolean())
                .isFalse();

        assertThat(send("DELETE", "/life-cycle", null).statusCode()).isEqualTo(204);
        assertError(send("GET", "/life-cycle", null), 400, "DCS.4133", "there is no schedule of this name");
    }

    @Test
    void oneOfTheConfigurationIsListedAndCannotBeChanged() throws Exception {
        JsonNode list = ok("GET", "?limit=1000", null);
        assertThat(list.get("count").asInt()).isPositive();
        assertThat(list.get("migration_schedules"))
                .filteredOn(schedule -> schedule.get("name").asText().equals("from-file"))
                .singleElement()
                .satisfies(schedule ->
                        assertThat(schedule.get("configured").asBoolean()).isTrue());
        assertError(send("DELETE", "/from-file", null), 400, "DCS.4957", "configuration");
        assertError(send("PUT", "/from-file", body("x", NEVER, "b/", "")), 400, "DCS.4957", "configuration");
        assertError(send("POST", "", body("from-file", NEVER, "b/", "")), 400, "DCS.4800", "already");
        assertThat(ok("POST", "/from-file/pause", "").get("paused").asBoolean()).isTrue();
        assertThat(ok("POST", "/from-file/resume", "").get("paused").asBoolean())
                .isFalse();
    }

    @Test
    void itRunsWhenItIsAskedTo() throws Exception {
        ok("POST", "", body("on-demand", NEVER, "a/", ",\"import_options\":{\"conflict_policy\":\"skip\"}"));
        String id = ok("POST", "/on-demand/run", "").get("id").asText();
        assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
        JsonNode schedule = ok("GET", "/on-demand", null);
        assertThat(schedule.get("last_task_id").asText()).isEqualTo(id);
        assertThat(schedule.get("last_result").asText()).isEqualTo("started");
        Conditions.await(
                () -> send("POST", "/on-demand/run", ""),
                response ->
                        response.headers().firstValue("X-Error-Hint").orElse("").contains("unchanged"));
        ok("POST", "", body("without-backup", NEVER, "nothing/", ""));
        assertError(send("POST", "/without-backup/run", ""), 400, "DCS.4087", "There is no backup under");
    }

    @Test
    void whatDoesNotRunIsTold() throws Exception {
        ok("POST", "", body("nothing-there", "* * * * * ?", "nothing/", ""));
        JsonNode notice = told("nothing-there");
        assertThat(notice.get("result").asText()).isEqualTo("no_backup");
        assertThat(notice.get("message").asText()).startsWith("There is no backup under s3://");
        assertThat(notice.get("task_id").isNull()).isTrue();
        send("DELETE", "/nothing-there", null);
    }

    @Test
    void whatFailsIsTold() throws Exception {
        service.put("broken/dump.rdb", "REDIS0011 and nothing else".getBytes(StandardCharsets.UTF_8));
        ok("POST", "", body("broken-file", NEVER, "broken/", ""));
        String id = ok("POST", "/broken-file/run", "").get("id").asText();
        JsonNode notice = told("broken-file");
        assertThat(notice.get("result").asText()).isEqualTo("failed");
        assertThat(notice.get("task_id").asText()).isEqualTo(id);
        assertThat(notice.get("message").asText())
                .startsWith("task " + id + " failed: s3://" + service.bucket() + "/broken/dump.rdb");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cron | \"every day\" | cron",
                "time_zone | \"Mars\" | time_zone",
                "bucket | \"somebody-elses\" | bucket",
                "target | \"00000000-0000-0000-0000-000000000000\" | target",
                "pattern | \"{dump}\" | pattern",
                "jitter | -1 | jitter",
                "import_options | {\"speed\":9} | import_options"
            })
    void aWrongFieldIsNamed(String field, String value, String named) throws Exception {
        String valid = body("wrong-field", NEVER, "a/", "");
        ObjectNode wrong = (ObjectNode) JSON.readTree(valid);
        wrong.set(field, JSON.readTree(value));
        HttpResponse<String> response = send("POST", "", wrong.toString());
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).get("error_msg").asText())
                .isEqualTo("Invalid " + named + " in the request.");
    }

    @Test
    void othersSeeAndChangeNothing() throws Exception {
        ok("POST", "", body("mine-alone", NEVER, "a/", ""));
        HttpRequest.Builder reader = service.request(
                        "/v2/" + RunningService.PROJECT + "/migration-schedules/mine-alone")
                .header("X-Auth-Token", RunningService.READER);
        assertThat(service.send(reader.copy()).statusCode()).isEqualTo(200);
        assertThat(service.send(reader.copy().DELETE()).statusCode()).isEqualTo(403);
        HttpRequest.Builder other = service.request(
                        "/v2/" + RunningService.OTHER_PROJECT + "/migration-schedules/mine-alone")
                .header("X-Auth-Token", RunningService.OTHER);
        assertThat(service.send(other).statusCode()).isEqualTo(400);
    }

    /** Each run happens once, and goes on when one of two services is killed. */
    @Test
    void twoServicesRunItOnceAndOneGoesOnWhenTheOtherIsKilled() throws Exception {
        try (RunningService servers = RunningService.withoutService()) {
            servers.put("a/types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            String schedule = "redisbackup.schedules.every-second.";
            Map<String, String> one = new HashMap<>(servers.properties());
            one.putAll(Map.of(
                    schedule + "cron", "* * * * * ?",
                    schedule + "bucket", servers.bucket(),
                    schedule + "prefix", "a/",
                    schedule + "target", RunningService.INSTANCE,
                    schedule + "project", RunningService.PROJECT,
                    schedule + "method", "full_amount_migration",
                    schedule + "overlap", "queue"));
            Map<String, String> two = new HashMap<>(one);
            two.put("camel.server.port", Integer.toString(RunningService.freePort()));
            try (ServiceProcess first = ServiceProcess.start(one);
                    ServiceProcess second = ServiceProcess.start(two)) {
                servers.talkTo(two);
                int before = Conditions.await(() -> count(servers), count -> count >= 5);
                first.kill();
                Conditions.await(() -> count(servers), count -> count >= before + 8);
                assertThat(second.pid()).isPositive();
                List<String> runs = new ArrayList<>();
                servers.get("/migration-tasks?limit=1000")
                        .get("migration_tasks")
                        .forEach(task -> runs.add(task.get("description").asText()));
                assertThat(runs).doesNotHaveDuplicates();
            }
        }
    }

    private static int count(RunningService servers) throws Exception {
        return servers.get("/migration-tasks").get("count").asInt();
    }

    private static JsonNode told(String schedule) throws Exception {
        return Conditions.await(
                () -> {
                    try (Stream<Path> files = Files.list(told)) {
                        for (Path file : files.filter(each -> each.toString().endsWith(".json"))
                                .toList()) {
                            JsonNode notice = JSON.readTree(file.toFile());
                            if (notice.path("schedule").asText().equals(schedule)) {
                                return notice;
                            }
                        }
                    }
                    return null;
                },
                notice -> notice != null);
    }

    private static String body(String name, String cron, String prefix, String more) {
        return "{\"name\":\"" + name + "\",\"cron\":\"" + cron + "\",\"bucket\":\"" + service.bucket()
                + "\",\"prefix\":\"" + prefix + "\",\"target\":\"" + RunningService.INSTANCE + "\"" + more + "}";
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return service.send(service.asAdmin("/migration-schedules" + path)
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
    }

    private static JsonNode ok(String method, String path, String body) throws Exception {
        HttpResponse<String> response = send(method, path, body);
        assertThat(response.statusCode())
                .as(response.body() + response.headers())
                .isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static void assertError(HttpResponse<String> response, int status, String code, String hint)
            throws Exception {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(JSON.readTree(response.body()).get("error_code").asText()).isEqualTo(code);
        assertThat(response.headers().firstValue("X-Error-Hint"))
                .hasValueSatisfying(given -> assertThat(given).contains(hint));
    }
}
