package org.redisbackup.schedule;

import java.time.Instant;
import java.util.Map;

/**
 * A task of a schedule that has not been looked at since it ended.
 *
 * @param planned time of the run
 * @param versions ETag of each file that it imports, by {@code s3://bucket/key}
 */
record ScheduledTask(String project, String schedule, String target, Instant planned, Map<String, String> versions) {}
