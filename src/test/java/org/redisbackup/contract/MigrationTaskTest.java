package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Corpus;
import redis.clients.jedis.Jedis;

/** Tasks that succeed: created, shown, listed. */
class MigrationTaskTest {
    private final RunningService service = RunningService.shared();

    @Test
    void aFileIsImported() throws Exception {
        service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        try (Jedis target = service.target()) {
            target.flushAll();
        }
        HttpResponse<String> created = service.post(service.body("types.rdb"));
        String id = new ObjectMapper().readTree(created.body()).get("id").asText();
        assertThat(id).matches("[0-9a-f]{32}");
        AccessTest.assertError(
                created,
                200,
                "{\"id\":\"" + id + "\",\"name\":\"test-import\",\"status\":\"MIGRATING\",\"error\":\"\"}");
        JsonNode task = service.finished(id);
        assertThat(task.get("status").asText()).isEqualTo("SUCCESS");
        assertThat(task.get("error_message").isNull()).isTrue();
        JsonNode stats = service.stats(id);
        assertThat(stats.get("imported_keys").asText()).isEqualTo("131");
        assertThat(stats.get("full_migration_progress").asText()).isEqualTo("100");
        try (Jedis target = service.target()) {
            assertThat(target.info("keyspace")).contains("db0:keys=");
        }
    }

    @Test
    void theBackupsUnderAPrefixAreImported() throws Exception {
        byte[] many = Corpus.bytes("manykeys-redis-7.0.15.rdb");
        service.put("prefix/many.rdb", many);
        service.put("prefix/more/types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        service.put("prefix/empty.rdb", Corpus.bytes("empty-redis-7.0.15.rdb"));
        service.put("prefix/readme.txt", new byte[] {1});
        String id = service.create(service.body("prefix/"));
        assertThat(service.finished(id).get("status").asText()).isEqualTo("SUCCESS");
        JsonNode stats = service.stats(id);
        assertThat(stats.get("source_dbsize").asText()).isEqualTo("10131");
        assertThat(stats.get("target_dbsize").asText()).isEqualTo("10131");
        assertThat(stats.get("read_bytes").asText())
                .isEqualTo(stats.get("total_bytes").asText());
        assertThat(stats.get("is_migrating").isBoolean()).isTrue();
        stats.properties().stream()
                .filter(field ->
                        field.getValue().isValueNode() && !field.getKey().equals("is_migrating"))
                .forEach(field -> assertThat(field.getValue().isTextual())
                        .as(field.getKey())
                        .isTrue());
        assertThat(sum(stats.get("keys_by_type"))).isEqualTo(10131);
        assertThat(sum(stats.get("keys_by_database"))).isEqualTo(10131);
        assertThat(stats.get("keys_by_type").has("stream")).isTrue();
    }

    private static long sum(JsonNode groups) {
        long sum = 0;
        for (JsonNode counts : groups) {
            for (JsonNode count : counts) {
                sum += count.asLong();
            }
        }
        return sum;
    }

    @Test
    void aTaskIsShownAsItWasRequested() throws Exception {
        service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
        String body = service.body("types.rdb")
                .replace("{\"task_name\"", "{\"description\":\"T\\u00E9st 中\",\"unknown\":[1],\"task_name\"")
                .replace("full_amount_migration", "incremental_migration")
                .replace("\"types.rdb\"", "\"types.rdb\",\"size\":\"754.0MB\",\"update_at\":\"2021-06-16 06:12:55\"");
        JsonNode task = service.finished(service.create(body));
        assertThat(task.get("task_name").asText()).isEqualTo("test-import");
        assertThat(task.get("description").asText()).isEqualTo("Tést 中");
        assertThat(task.get("migration_type").asText()).isEqualTo("backupfile_import");
        assertThat(task.get("migration_method").asText()).isEqualTo("incremental_migration");
        assertThat(task.get("backup_files"))
                .hasToString("{\"file_source\":\"self_build_obs\",\"bucket_name\":\"" + service.bucket()
                        + "\",\"files\":[{\"file_name\":\"types.rdb\",\"size\":\"754.0MB\","
                        + "\"update_at\":\"2021-06-16 06:12:55\"}],\"backup_id\":null,\"backup_record\":null}");
        String[] address = service.targetAddress().split(":");
        assertThat(task.get("target_instance"))
                .hasToString(
                        "{\"id\":\"" + RunningService.INSTANCE + "\",\"name\":\"test-target\",\"ip\":\"" + address[0]
                                + "\",\"port\":\"" + address[1] + "\",\"addrs\":\"" + service.targetAddress()
                                + "\",\"proxy_multi_db\":null,\"db\":null,\"task_status\":null}");
        for (String time : List.of("created_at", "updated_at", "released_at")) {
            assertThat(task.get(time).asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(Instant.parse(task.get(time).asText())).isNotNull();
        }
        assertThat(task.get("supported_features")).hasToString("[]");
    }

    @Test
    void tasksAreListedNewestFirstPageByPage() throws Exception {
        String name = "list-" + UUID.randomUUID().toString().substring(0, 8);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(
                    0,
                    service.create(RunningService.body(
                            name + "-" + i, service.bucket(), "nothing", RunningService.INSTANCE, null)));
        }
        assertThat(idsOf(service.get("/migration-tasks?name=" + name))).isEqualTo(ids);
        assertThat(idsOf(service.get("/migration-tasks?name=" + name.toUpperCase(java.util.Locale.ROOT))))
                .isEqualTo(ids);
        JsonNode page = service.get("/migration-tasks?offset=1&limit=2&name=" + name);
        assertThat(idsOf(page)).isEqualTo(ids.subList(1, 3));
        assertThat(page.get("count").isInt()).isTrue();
        assertThat(page.get("count").asInt()).isEqualTo(5);
        assertThat(service.get("/migration-tasks?offset=5&name=" + name))
                .hasToString("{\"count\":5,\"migration_tasks\":[]}");
        for (String id : ids) {
            service.finished(id);
        }
        JsonNode one = service.get("/migration-tasks?limit=1&name=" + name)
                .get("migration_tasks")
                .get(0);
        assertThat(one.get("status").asText()).isEqualTo("FAILED");
        assertThat(one.get("data_source").asText()).isEqualTo(service.bucket());
        assertThat(one.get("target_instance_addrs").asText()).isEqualTo(service.targetAddress());
        assertThat(one.get("error_message").asText()).contains("nothing");
    }

    @Test
    void aDoubledSlashIsOne() throws Exception {
        HttpResponse<String> response =
                service.send(service.request("//v2/" + RunningService.PROJECT + "/migration-tasks")
                        .header("X-Auth-Token", RunningService.ADMIN));
        assertThat(response.statusCode()).isEqualTo(200);
    }

    private static List<String> idsOf(JsonNode list) {
        return list.get("migration_tasks").findValuesAsText("task_id");
    }
}
