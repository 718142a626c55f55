package org.redisbackup.task;

import org.redisbackup.source.BackupFile;

/**
 * What a schedule imported last.
 *
 * @param key of the object
 * @param etag of its version
 * @param taskId of the task that was created for it
 */
public record ScheduleMemory(String key, String etag, String taskId) {
    boolean isOf(BackupFile file) {
        return key.equals(file.key()) && etag.equals(file.etag());
    }
}
