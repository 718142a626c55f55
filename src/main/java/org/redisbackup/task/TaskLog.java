package org.redisbackup.task;

import java.time.Instant;

/**
 * One line of a task's log.
 *
 * @param message one sentence, without secrets
 * @param code stable, such as {@code IMPORT.0001}
 */
public record TaskLog(Instant time, TaskEvent.Level level, String message, String code) {
    static TaskLog of(TaskEvent event, String message) {
        return new TaskLog(Instant.now(), event.level(), message, event.code());
    }
}
