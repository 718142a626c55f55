package org.redisbackup.task;

import java.time.Instant;

/**
 * A task and where it stands.
 *
 * @param updated when the status last changed
 * @param released when the task finished, or null
 * @param error one sentence for a task that {@link TaskStatus#FAILED failed}, else null
 */
public record TaskState(ImportTask task, TaskStatus status, Instant updated, Instant released, String error) {}
