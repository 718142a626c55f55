package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What is published when a task has finished.
 *
 * @param task as ShowMigrationTask answers
 * @param stats as ShowMigrationTaskStats answers
 */
record SettledTask(@JsonProperty("task") MigrationTaskDetail task, @JsonProperty("stats") MigrationTaskStats stats) {}
