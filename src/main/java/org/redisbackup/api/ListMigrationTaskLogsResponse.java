package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.redisbackup.task.LogPage;
import org.redisbackup.task.TaskLog;

/**
 * Answer of ListMigrationTaskLogs.
 *
 * @param number of all lines that match, not only of this page
 */
record ListMigrationTaskLogsResponse(
        @JsonProperty("log_num") int number, @JsonProperty("migration_logs") List<Line> lines) {
    static ListMigrationTaskLogsResponse of(LogPage page) {
        return new ListMigrationTaskLogsResponse(
                page.total(), page.lines().stream().map(Line::of).toList());
    }

    /**
     * One line.
     *
     * @param keywords what the message names
     */
    record Line(
            @JsonProperty("created_at") String createdAt,
            @JsonProperty("log_level") String level,
            @JsonProperty("message") String message,
            @JsonProperty("log_code") String code,
            @JsonProperty("keyword") List<String> keywords) {
        static Line of(TaskLog log) {
            return new Line(ApiTime.of(log.time()), log.level().name(), log.message(), log.code(), log.keywords());
        }
    }
}
