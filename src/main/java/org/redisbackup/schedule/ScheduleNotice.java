package org.redisbackup.schedule;

import java.time.Instant;

/**
 * A scheduled import that did not run or did not succeed.
 *
 * @param planned time of the run
 * @param message one sentence
 * @param taskId of the task that did not succeed, or null when there is none
 */
public record ScheduleNotice(
        String project, String schedule, RunResult result, Instant planned, String message, String taskId) {}
