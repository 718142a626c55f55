package org.redisbackup.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.schedule.ScheduledImports;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.Jedis;

class ScheduleTest {
    private static final String SCHEDULE = "redisbackup.schedules.nightly.";

    @Test
    void theNewestBackupIsImportedOnce() throws Exception {
        Map<String, String> properties = Map.of(
                SCHEDULE + "cron", "* * * * * ?",
                SCHEDULE + "bucket", "${bucket}",
                SCHEDULE + "prefix", "production/",
                SCHEDULE + "target", RunningService.INSTANCE,
                SCHEDULE + "project", RunningService.PROJECT);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger(ScheduledImports.class);
        logger.setLevel(ch.qos.logback.classic.Level.INFO);
        logger.addAppender(log);
        try (RunningService service = RunningService.start(properties)) {
            service.put("production/1.rdb", Corpus.bytes("manykeys-redis-7.0.15.rdb"));
            awaitTask(service, "production/1.rdb");
            awaitSkipped(log, service, "production/1.rdb");
            int before = count(service);
            awaitSkipped(log, service, "production/1.rdb");
            assertThat(count(service)).isEqualTo(before);

            service.put("production/0.rdb", Corpus.bytes("types-redis-7.0.15.rdb"));
            awaitTask(service, "production/0.rdb");
            awaitSkipped(log, service, "production/0.rdb");
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    @Test
    void theNewestCompleteShardSetIsImported() throws Exception {
        Map<String, String> properties = Map.of(
                SCHEDULE + "cron", "* * * * * ?",
                SCHEDULE + "bucket", "${bucket}",
                SCHEDULE + "prefix", "cluster/",
                SCHEDULE + "pattern", "{yyyy-MM-dd}/dump-{shard}.rdb",
                SCHEDULE + "select", "newest-shard-set",
                SCHEDULE + "shards", "3",
                SCHEDULE + "target", RunningService.INSTANCE,
                SCHEDULE + "project", RunningService.PROJECT);
        try (RunningService service = RunningService.withoutService();
                Jedis target = service.target()) {
            for (String shard : List.of("a", "b", "c")) {
                service.put("cluster/2026-01-01/dump-" + shard + ".rdb", shard("old-" + shard, 10));
                service.put("cluster/2026-01-02/dump-" + shard + ".rdb", shard("new-" + shard, 20));
            }
            service.put("cluster/2026-01-03/dump-a.rdb", shard("incomplete", 5));
            service.put("cluster/2026-01-03/dump-b.rdb", shard("incomplete", 5));
            properties.forEach(
                    (name, value) -> service.properties().put(name, value.replace("${bucket}", service.bucket())));
            service.start();
            JsonNode newest = Conditions.await(
                    () -> service.get("/migration-tasks?limit=1&name=nightly").get("migration_tasks"),
                    tasks -> tasks.size() == 1
                            && tasks.get(0).get("status").asText().equals("SUCCESS"));
            String id = newest.get(0).get("task_id").asText();
            assertThat(service.get("/migration-task/" + id)
                            .at("/backup_files/files")
                            .findValuesAsText("file_name"))
                    .containsExactly(
                            "cluster/2026-01-02/dump-a.rdb",
                            "cluster/2026-01-02/dump-b.rdb",
                            "cluster/2026-01-02/dump-c.rdb");
            assertThat(service.logs(id)).anyMatch(line -> line.contains("Passed over: set 2026-01-03"));
            assertThat(target.dbSize()).isEqualTo(60);
            assertThat(target.keys("new-*")).hasSize(60);
            assertThat(service.stats(id).get("imported_keys").asText()).isEqualTo("60");
        }
    }

    private static byte[] shard(String prefix, int keys) throws Exception {
        return new RdbFile("REDIS0010").strings(prefix, keys).open().readAllBytes();
    }

    /** By the route, ten seconds after a start. */
    @Test
    void finishedTasksAreForgotten() throws Exception {
        try (RunningService service = RunningService.start(Map.of())) {
            service.put("one.rdb", shard("key", 3));
            String first = service.create(service.body("one.rdb"));
            service.finished(first);
            String second = service.create(service.body("one.rdb"));
            service.finished(second);
            service.stop();
            service.properties().put("redisbackup.tasks.keep-count", "1");
            service.properties().put("redisbackup.tasks.keep-days", "1");
            service.start();
            JsonNode kept = Conditions.await(
                    () -> service.get("/migration-tasks").get("migration_tasks"), tasks -> tasks.size() == 1);
            assertThat(kept.get(0).get("task_id").asText()).isEqualTo(second);
            try (Jedis state = service.state()) {
                assertThat(state.keys("redisbackup:task:" + first + "*")).isEmpty();
            }
        }
    }

    /** Waits until the newest task has imported that file. */
    private static void awaitTask(RunningService service, String file) throws Exception {
        Conditions.await(
                () -> service.get("/migration-tasks?limit=1&name=nightly").get("migration_tasks"),
                tasks -> tasks.size() == 1
                        && tasks.get(0).get("status").asText().equals("SUCCESS")
                        && fileOf(service, tasks.get(0)).equals(file));
    }

    private static String fileOf(RunningService service, JsonNode task) {
        try {
            return service.get("/migration-task/" + task.get("task_id").asText())
                    .at("/backup_files/files/0/file_name")
                    .asText();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitSkipped(ListAppender<ILoggingEvent> log, RunningService service, String file)
            throws Exception {
        String skipped = "Schedule nightly: skipped, because s3://" + service.bucket() + "/" + file
                + " is unchanged since the last import into this target";
        log.list.clear();
        Conditions.await(
                () -> List.copyOf(log.list).stream()
                        .map(ILoggingEvent::getFormattedMessage)
                        .toList(),
                lines -> lines.contains(skipped));
    }

    private static int count(RunningService service) throws Exception {
        return service.get("/migration-tasks").get("count").asInt();
    }
}
