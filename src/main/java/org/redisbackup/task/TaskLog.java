package org.redisbackup.task;

import java.time.Instant;
import java.util.List;

/**
 * One line of a task's log.
 *
 * @param message one sentence, without secrets
 * @param code stable, such as {@code IMPORT.0001}
 * @param keywords what the message names: files, addresses, counts
 */
public record TaskLog(Instant time, TaskEvent.Level level, String message, String code, List<String> keywords) {
    static TaskLog of(TaskEvent event, String message, String... keywords) {
        return new TaskLog(Instant.now(), event.level(), message, event.code(), List.of(keywords));
    }
}
