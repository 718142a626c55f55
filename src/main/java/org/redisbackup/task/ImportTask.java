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
 * @param bucket of all the files
 * @param files in the order of the request, at least one
 * @param targetId id of a registered {@link Instance}
 * @param created milliseconds precise
 */
public record ImportTask(
        String id,
        String project,
        String name,
        String description,
        String method,
        String bucket,
        List<RequestedFile> files,
        String targetId,
        Instant created) {
    public ImportTask {
        files = List.copyOf(files);
    }

    /** A new task with an id of its own. */
    public static ImportTask create(
            String project,
            String name,
            String description,
            String method,
            String bucket,
            List<RequestedFile> files,
            String targetId) {
        String id = UUID.randomUUID().toString().replace("-", "");
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        return new ImportTask(id, project, name, description, method, bucket, files, targetId, now);
    }
}
