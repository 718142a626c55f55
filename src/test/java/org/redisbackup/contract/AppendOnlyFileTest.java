package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.RdbFile;
import redis.clients.jedis.Jedis;

/** Files of commands through the whole service. */
class AppendOnlyFileTest {
    private static final int INCREMENTS = 20_000; // in several batches
    private final RunningService service = RunningService.shared();

    @Test
    void keysAndCommandsComeInOrder() throws Exception {
        AofFile file = new AofFile()
                .raw(new RdbFile("REDIS0010")
                        .strings("k", 20_000)
                        .string("n", "100")
                        .bytes());
        for (int i = 0; i < INCREMENTS; i++) {
            file.command("SET", "last", String.valueOf(i)).command("INCR", "n");
        }
        int whole = file.size();
        service.put("aof/history.aof", file.command("SET", "cut", "1").bytesWithoutLast(5));
        try (Jedis target = service.target()) {
            target.flushAll();
            String id = service.create(service.body("aof/"));
            JsonNode task = service.finished(id);
            assertThat(task.get("status").asText()).as(task.toString()).isEqualTo("SUCCESS");
            JsonNode stats = service.stats(id);
            assertThat(stats.get("imported_keys").asText()).isEqualTo("20001");
            assertThat(stats.get("commands").asText()).isEqualTo(String.valueOf(2 * INCREMENTS));
            assertThat(target.get("n")).isEqualTo(String.valueOf(100 + INCREMENTS));
            assertThat(target.get("last")).isEqualTo(String.valueOf(INCREMENTS - 1));
            assertThat(target.exists("cut")).isFalse();
            assertThat(service.logs(id))
                    .anyMatch(line -> line.contains("what starts at byte " + whole + " was left out"));
        }
    }

    @Test
    void aRefusedCommandFailsTheTask() throws Exception {
        AofFile file = new AofFile().command("SET", "a", "1").command("NOSUCHCMD", "x");
        service.put("refused.aof", file.bytes());
        String id = service.create(service.body("refused.aof"));
        JsonNode task = service.finished(id);
        assertThat(task.get("status").asText()).isEqualTo("FAILED");
        assertThat(task.get("error_message").asText())
                .startsWith(
                        "s3://" + service.bucket() + "/refused.aof: command NOSUCHCMD \"x\" of database 0 (at byte 27)"
                                + " was not executed: the target refused the command (it answered: ERR unknown command")
                .contains("1 commands executed; 1 commands failed");
        assertThat(service.stats(id).get("failed_commands").asText()).isEqualTo("1");
    }
}
