package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Body of UpdateMigrationTask. */
record UpdateRequest(@JsonProperty("resume_mode") String resumeMode) {}
