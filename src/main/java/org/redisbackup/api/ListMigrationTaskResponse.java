package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Answer of ListMigrationTask.
 *
 * @param count of all tasks that match, not only of this page
 */
record ListMigrationTaskResponse(
        @JsonProperty("count") int count, @JsonProperty("migration_tasks") List<MigrationTaskSummary> migrationTasks) {}
