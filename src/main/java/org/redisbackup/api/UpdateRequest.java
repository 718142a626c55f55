package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * Body of UpdateMigrationTask.
 *
 * @param importOptions goes beyond the contract: the limits of a task that runs
 */
record UpdateRequest(
        @JsonProperty("resume_mode") String resumeMode,
        @JsonProperty("import_options") Map<String, Object> importOptions) {}
