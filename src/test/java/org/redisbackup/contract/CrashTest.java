package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Corpus;

/** Services that are killed, and several on one state Redis. */
class CrashTest {
    private static final String PORT = "camel.server.port";

    @Test
    void whatWasAcceptedIsImportedThoughTheServiceIsKilled() throws Exception {
        try (RunningService servers = RunningService.withoutService()) {
            servers.put("big.rdb", Corpus.bytes("big-redis-6.2.16.rdb"));
            List<String> ids = new ArrayList<>();
            try (ServiceProcess service = ServiceProcess.start(servers.properties())) {
                for (int i = 0; i < 20; i++) {
                    ids.add(servers.create(servers.body("big.rdb")));
                }
                service.kill();
            }
            try (ServiceProcess next = ServiceProcess.start(servers.properties())) {
                for (String id : ids) {
                    JsonNode task = servers.finished(id);
                    assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
                }
                assertThat(next.pid()).isPositive();
            }
            assertThat(servers.logs(ids.get(19)))
                    .contains("The service ended before the import did: it goes on (attempt 2)");
        }
    }

    @Test
    void twoServicesShareTheirTasks() throws Exception {
        try (RunningService servers = RunningService.withoutService()) {
            servers.put("types.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            Map<String, String> other = new HashMap<>(servers.properties());
            other.put(PORT, Integer.toString(RunningService.freePort()));
            try (ServiceProcess first = ServiceProcess.start(servers.properties());
                    ServiceProcess second = ServiceProcess.start(other)) {
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    servers.talkTo(i % 2 == 0 ? servers.properties() : other);
                    ids.add(servers.create(servers.body("types.rdb")));
                }
                for (String id : ids) {
                    JsonNode task = servers.finished(id);
                    assertThat(task.get("status").asText()).isEqualTo("SUCCESS");
                    assertThat(servers.logs(id))
                            .as("the log of a task that ran once")
                            .filteredOn(line -> line.contains("found"))
                            .hasSize(1);
                }
                assertThat(first.pid()).isNotEqualTo(second.pid());
            }
        }
    }
}
