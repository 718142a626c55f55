package org.redisbackup.task;

import java.util.List;

/**
 * Which backup a task was asked to import.
 *
 * @param bucket of all the files
 * @param files in the order of the request, at least one
 * @param recordId of the backup record that stands for the files, or null when the request named them itself
 * @param sourceId of the registered {@link Instance} that the record belongs to, or null without one
 * @param retried the ledger that says what of them is imported again, or null to import all
 */
public record RequestedBackup(
        String bucket, List<RequestedFile> files, String recordId, String sourceId, LedgerPlace retried) {
    public RequestedBackup {
        files = List.copyOf(files);
    }

    /** Files that the request names itself. */
    public static RequestedBackup ofFiles(String bucket, List<RequestedFile> files) {
        return new RequestedBackup(bucket, files, null, null, null);
    }

    /** What of a task's backup did not reach the target, as the ledger of the task says. */
    public static RequestedBackup retrying(ImportTask task) {
        RequestedBackup backup = task.backup();
        return new RequestedBackup(backup.bucket, backup.files, backup.recordId, backup.sourceId, LedgerPlace.of(task));
    }
}
