package org.redisbackup.task;

import java.util.List;

/**
 * Some of a project's tasks, newest first.
 *
 * @param total number of all that match, not only of these
 */
public record TaskPage(int total, List<TaskState> tasks) {}
