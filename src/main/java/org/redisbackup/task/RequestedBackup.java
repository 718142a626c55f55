package org.redisbackup.task;

import java.util.List;

/**
 * Which backup a task was asked to import.
 *
 * @param bucket of all the files
 * @param files in the order of the request, at least one
 * @param recordId of the backup record that stands for the files, or null when the request named them itself
 * @param sourceId of the registered {@link Instance} that the record belongs to, or null without one
 */
public record RequestedBackup(String bucket, List<RequestedFile> files, String recordId, String sourceId) {
    public RequestedBackup {
        files = List.copyOf(files);
    }

    /** Files that the request names itself. */
    public static RequestedBackup ofFiles(String bucket, List<RequestedFile> files) {
        return new RequestedBackup(bucket, files, null, null);
    }
}
