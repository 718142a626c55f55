package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Body of DeleteMigrationTask, and its answer. */
record DeleteRequest(@JsonProperty("task_id_list") List<String> taskIds) {
    /** @throws ApiException when it names no task, or more than {@value BatchRequest#MAX} */
    static DeleteRequest read(byte[] body) {
        DeleteRequest request = ApiJson.read(body, DeleteRequest.class);
        List<String> ids = request.taskIds();
        if (ids == null || ids.isEmpty() || ids.contains(null)) {
            throw new ApiException(ApiError.invalidField("task_id_list", "expected at least one id"));
        }
        BatchRequest.checkedSize(ids);
        return request;
    }
}
