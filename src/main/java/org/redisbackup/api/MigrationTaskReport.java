package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.redisbackup.task.FileReport;

/**
 * Answer of ShowMigrationTaskReport.
 *
 * @param files those that a dry run has read so far, sorted by name; none for any other task
 */
record MigrationTaskReport(@JsonProperty("task_id") String taskId, @JsonProperty("files") List<FileReport> files) {}
