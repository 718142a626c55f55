package org.redisbackup.task;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

/**
 * What was asked for: backup files of one bucket into one target. Holds no secret.
 *
 * @param id 32 lower-case hexadecimal digits
 * @param project the tenant that owns the task
 * @param name chosen by the client, not unique
 * @param description null for none
 * @param method as requested, echoed
 * @param networkType as requested, echoed; null for none
 * @param backup what to import
 * @param targetId id of the {@link Instance} to import into as the request named it; null when it named only an address
 * @param targetAddress {@code host:port} as the request named it, which counts when the target is no registered
 *     instance; else null
 * @param targetVersion version of the target's engine when the task was created, or null when it was not asked
 * @param options how to import
 * @param created milliseconds precise
 */
public record ImportTask(
        String id,
        String project,
        String name,
        String description,
        String method,
        String networkType,
        RequestedBackup backup,
        String targetId,
        String targetAddress,
        String targetVersion,
        ImportOptions options,
        Instant created) {
    /** A task that was kept by an older version has no options. */
    public ImportTask {
        options = options == null ? ImportOptions.STANDARD : options;
    }

    /** A new task with an id of its own. */
    public static ImportTask create(
            String project,
            String name,
            String description,
            String method,
            String networkType,
            RequestedBackup backup,
            String targetId,
            String targetAddress,
            String targetVersion,
            ImportOptions options) {
        String id = UUID.randomUUID().toString().replace("-", "");
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new ImportTask(
                id,
                project,
                name,
                description,
                method,
                networkType,
                backup,
                targetId,
                targetAddress,
                targetVersion,
                options,
                now);
    }

    String bucket() {
        return backup.bucket();
    }

    List<RequestedFile> files() {
        return backup.files();
    }
}
