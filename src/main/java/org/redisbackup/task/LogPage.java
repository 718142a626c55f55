package org.redisbackup.task;

import java.util.List;

/**
 * Some lines of a task's log, oldest first.
 *
 * @param total number of all lines that match, not only of these
 */
public record LogPage(int total, List<TaskLog> lines) {}
