package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Answer of BatchStopMigrationTasks and BatchRestartOnlineMigrationTasks: what became of each task. */
record BatchResponse(@JsonProperty("migration_tasks") List<Result> migrationTasks) {

    /**
     * What became of one task.
     *
     * @param result {@code success} or {@code failed}
     * @param errorCode left out on success
     * @param errorMessage left out on success
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Result(
            @JsonProperty("task_id") String taskId,
            @JsonProperty("result") String result,
            @JsonProperty("error_code") String errorCode,
            @JsonProperty("error_msg") String errorMessage) {
        static Result success(String taskId) {
            return new Result(taskId, "success", null, null);
        }

        static Result failed(String taskId, ErrorCode why) {
            return new Result(taskId, "failed", why.code(), why.message());
        }
    }
}
