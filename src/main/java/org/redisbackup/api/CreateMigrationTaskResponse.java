package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.redisbackup.task.ImportTask;
import org.redisbackup.task.TaskStatus;

/** Answer of CreateMigrationTask. */
record CreateMigrationTaskResponse(
        @JsonProperty("id") String id,
        @JsonProperty("name") String name,
        @JsonProperty("status") String status,
        @JsonProperty("error") String error) {
    static CreateMigrationTaskResponse of(ImportTask task) {
        return new CreateMigrationTaskResponse(task.id(), task.name(), TaskStatus.MIGRATING.name(), "");
    }
}
