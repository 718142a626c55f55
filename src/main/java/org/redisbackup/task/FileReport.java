package org.redisbackup.task;

import org.redisbackup.analysis.BackupReport;
import org.redisbackup.analysis.NameCollisions;

/**
 * What a dry run found in one file.
 *
 * @param file {@code s3://bucket/key}
 * @param bytes size of the file
 * @param keys that would be imported, under the names and in the databases that they would get; those that commands of an append-only file would make are not among them
 * @param collisions keys that would get the name of another one of the file; null where the task changes no names or databases
 * @param filteredKeys that would be left out, as the task says
 * @param invalidKeys of all, those whose value a server would refuse, or come to harm by
 * @param commands of an append-only file
 * @param warning what was left out of a file that was read to its end, or null
 */
public record FileReport(
        String file,
        long bytes,
        BackupReport keys,
        NameCollisions.Count collisions,
        long filteredKeys,
        long invalidKeys,
        long commands,
        String warning) {}
