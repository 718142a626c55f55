package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;

class MigrationTaskTest {
    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(Map.of());
        put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    private static void put(String key, byte[] content) {
        S3Server.client()
                .putObject(request -> request.bucket(service.bucket()).key(key), RequestBody.fromBytes(content));
    }

    @Test
    void importsAFile() throws Exception {
        HttpResponse<String> created = service.post(service.body("types.rdb"));
        assertThat(created.statusCode()).isEqualTo(200);
        assertThat(created.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(created.headers().firstValue("X-Request-Id"))
                .get()
                .asString()
                .matches("[0-9a-f]{32}");
        JsonNode answer = new ObjectMapper().readTree(created.body());
        String id = answer.get("id").asText();
        assertThat(created.body())
                .isEqualTo("{\"id\":\"" + id + "\",\"name\":\"test-import\",\"status\":\"MIGRATING\",\"error\":\"\"}");
        JsonNode task = service.finished(id);
        System.out.println(task);
        System.out.println(service.stats(id));
        assertThat(task.get("status").asText()).isEqualTo("SUCCESS");
    }
}
