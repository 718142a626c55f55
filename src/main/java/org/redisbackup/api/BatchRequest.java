package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Body of BatchStopMigrationTasks and BatchRestartOnlineMigrationTasks. */
record BatchRequest(@JsonProperty("migration_tasks") List<String> migrationTasks) {
    static final int MAX = 50;

    /** @throws ApiException when it names no task, or more than {@value #MAX} */
    static List<String> read(byte[] body) {
        List<String> ids = ApiJson.read(body, BatchRequest.class).migrationTasks();
        if (ids == null || ids.isEmpty() || ids.contains(null)) {
            throw new ApiException(ErrorCode.UNKNOWN_TASKS);
        }
        return checkedSize(ids);
    }

    static List<String> checkedSize(List<String> ids) {
        if (ids.size() > MAX) {
            throw new ApiException(ErrorCode.TOO_MANY_IDS);
        }
        return ids;
    }
}
