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
import org.slf4j.LoggerFactory;

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
