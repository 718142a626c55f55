package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;

/** Tasks are stopped wherever they are; in each test the target would hold them up for much longer than the test waits. */
class StopTest {
    private static final int LONG_MILLIS = 600_000;

    private static HttpResponse<String> post(RunningService service, String path) throws Exception {
        return service.send(service.asAdmin(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody()));
    }

    @Test
    void whileTheTargetDoesNotAnswer() throws Exception {
        try (RunningService service = RunningService.start(Map.of());
                Jedis target = service.target()) {
            service.put("big.rdb", Corpus.bytes("big-redis-6.2.16.rdb"));
            target.clientPause(LONG_MILLIS, ClientPauseMode.WRITE);
            String id = service.create(service.body("big.rdb"));
            awaitImporter(target);
            HttpResponse<String> stop = post(service, "/migration-task/" + id + "/stop");
            assertThat(stop.statusCode()).isEqualTo(200);
            assertThat(stop.body()).contains("\"status\":\"TERMINATING\"");
            JsonNode task = service.finished(id);
            assertThat(task.get("status").asText()).isEqualTo("TERMINATED");
            assertThat(task.get("error_message").isNull()).isTrue();
            assertThat(service.logs(id))
                    .contains("A stop was asked for")
                    .anyMatch(line -> line.contains("stopped at byte"));
            assertThat(post(service, "/migration-task/" + id + "/stop").body())
                    .as("stopping once more changes nothing")
                    .contains("\"status\":\"TERMINATED\"");
        }
    }

    @Test
    void inTheMiddleOfALargeValue() throws Exception {
        try (RunningService service = RunningService.start(Map.of());
                Jedis target = service.target()) {
            service.put(
                    "large.rdb",
                    new RdbFile("REDIS0010")
                            .string("before", "1")
                            .string("large", new byte[400 << 20])
                            .bytes());
            String id = service.create(service.body("large.rdb"));
            Conditions.await(() -> !service.stats(id).get("read_bytes").asText().equals("0"));
            HttpResponse<String> stop = post(service, "/migration-task/" + id + "/sync-stop");
            assertThat(stop.statusCode()).isEqualTo(204);
            assertThat(service.finished(id).get("status").asText()).isEqualTo("TERMINATED");
            assertThat(target.exists("large")).isFalse();
            assertThat(target.get("before")).isEqualTo("1");
        }
    }

    @Test
    void whileItWaitsForItsTurn() throws Exception {
        try (RunningService service = RunningService.start(Map.of("redisbackup.tasks.parallel", "1"));
                Jedis target = service.target()) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            target.clientPause(LONG_MILLIS, ClientPauseMode.WRITE);
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ids.add(service.create(service.body("types.rdb")));
            }
            for (int i = 2; i > 0; i--) {
                assertThat(post(service, "/migration-task/" + ids.get(i) + "/sync-stop")
                                .statusCode())
                        .isEqualTo(204);
            }
            target.clientUnpause();
            assertThat(service.finished(ids.get(0)).get("status").asText()).isEqualTo("SUCCESS");
            for (String id : ids.subList(1, 3)) {
                assertThat(service.finished(id).get("status").asText()).isEqualTo("TERMINATED");
                assertThat(service.stats(id).get("source_dbsize").asText()).isEqualTo("0");
            }
        }
    }

    /** One service is asked, another runs the task. */
    @Test
    void whicheverServiceIsAsked() throws Exception {
        try (RunningService service = RunningService.start(Map.of());
                RunningService other = RunningService.start(
                        Map.of("redisbackup.state", service.properties().get("redisbackup.state")));
                Jedis target = service.target()) {
            service.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            target.clientPause(LONG_MILLIS, ClientPauseMode.WRITE);
            String id = service.create(service.body("types.rdb"));
            awaitImporter(target);
            assertThat(post(other, "/migration-task/" + id + "/sync-stop").statusCode())
                    .isEqualTo(204);
            assertThat(service.finished(id).get("status").asText()).isEqualTo("TERMINATED");
        }
    }

    private static void awaitImporter(Jedis target) throws Exception {
        Conditions.await(() -> target.clientList()
                .lines()
                .anyMatch(line -> line.contains(" name=redis-backup-import:") && line.contains(" flags=b ")));
    }
}
