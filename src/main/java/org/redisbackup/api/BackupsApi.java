package org.redisbackup.api;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.redisbackup.task.BackupRecord;
import org.redisbackup.task.BackupRecords;
import org.redisbackup.task.Instance;
import org.redisbackup.task.Instances;

/**
 * The operations on backups of registered instances, named as in the OpenAPI document. Every method throws
 * {@link ApiException} for a request that is answered with an error.
 */
public final class BackupsApi {
    private static final int MAX_LINKS = 64; // of the contract

    private final BackupRecords backups;
    private final Instances instances;

    public BackupsApi(BackupRecords backups, Instances instances) {
        this.backups = backups;
        this.instances = instances;
    }

    /**
     * ListBackupRecords, newest first.
     *
     * @param query as in the URL, or null; names in camel case are those of an older client
     * @throws ApiException when the backups can't be listed
     */
    public ListBackupRecordsResponse list(String project, String instanceId, String query) {
        QueryParameters wanted = new QueryParameters(query);
        Instant begin = wanted.time("begin_time", "beginTime");
        Instant end = wanted.time("end_time", "endTime");
        int offset = wanted.offset();
        int limit = wanted.limit();
        List<BackupRecord> matching = listed(instance(project, instanceId)).stream()
                .filter(backup -> begin == null || !backup.created().isBefore(begin))
                .filter(backup -> end == null || !backup.created().isAfter(end))
                .toList();
        return new ListBackupRecordsResponse(
                matching.size(),
                matching.stream()
                        .skip(offset)
                        .limit(limit)
                        .map(BackupRecordView::of)
                        .toList());
    }

    /**
     * ListBackupFileLinks: for the first {@value #MAX_LINKS} objects.
     *
     * @throws ApiException when the backups can't be listed
     */
    public ListBackupFileLinksResponse links(String project, String instanceId, String backupId, byte[] body) {
        Duration goodFor = LinksRequest.read(body).goodFor();
        BackupRecord backup = backup(project, instanceId, backupId);
        return ListBackupFileLinksResponse.of(backup, backups.links(backup, MAX_LINKS, goodFor));
    }

    /**
     * DeleteBackupFile: forgets the backup, and leaves its objects alone.
     *
     * @throws ApiException when the backups can't be listed
     */
    public void delete(String project, String instanceId, String backupId) {
        backups.forget(backup(project, instanceId, backupId));
    }

    private BackupRecord backup(String project, String instanceId, String backupId) {
        Instance instance = instance(project, instanceId);
        String id = Identifiers.uuid(backupId);
        return listed(instance).stream()
                .filter(backup -> backup.id().equalsIgnoreCase(id))
                .findFirst()
                .orElseThrow(() -> new ApiException(ApiError.invalidField("backup_id", "there is no such backup")));
    }

    /** Where they lie is a matter of the registration, so the answer is as for an instance that is not ready. */
    private List<BackupRecord> listed(Instance instance) {
        try {
            return backups.of(instance);
        } catch (IOException e) {
            throw new ApiException(ApiError.of(ErrorCode.NOT_NOW, e.getMessage()));
        }
    }

    private Instance instance(String project, String id) {
        return instances
                .find(project, Identifiers.uuid(id))
                .orElseThrow(() -> new ApiException(ErrorCode.UNKNOWN_INSTANCE));
    }
}
