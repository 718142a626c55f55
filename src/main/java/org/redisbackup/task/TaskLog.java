package org.redisbackup.task;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * One line of a task's log.
 *
 * @param message one sentence, without secrets
 * @param code stable, such as {@code IMPORT.0001}
 * @param keywords what the message names, in the same order: files, addresses, counts
 */
public record TaskLog(Instant time, TaskEvent.Level level, String message, String code, List<String> keywords) {
    @SuppressWarnings("AnnotateFormatMethod") // that annotation would be a dependency of its own
    static TaskLog of(TaskEvent event, String message, Object... keywords) {
        return new TaskLog(
                Instant.now(),
                event.level(),
                keywords.length == 0 ? message : message.formatted(keywords),
                event.code(),
                Stream.of(keywords).map(String::valueOf).toList());
    }
}
