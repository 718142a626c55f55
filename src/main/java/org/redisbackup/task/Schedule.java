package org.redisbackup.task;

/**
 * What a schedule imports.
 *
 * @param name of the schedule and of its tasks
 * @param bucket that the backups lie in
 * @param prefix of their keys
 * @param targetId id of a registered {@link Instance}
 * @param project that the tasks belong to
 */
public record Schedule(String name, String bucket, String prefix, String targetId, String project) {}
