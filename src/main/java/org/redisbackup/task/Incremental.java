package org.redisbackup.task;

/** What of a backup an {@code incremental_migration} brings to the target. */
public enum Incremental {
    /** Files of schedules whose version was not imported into the target before, each as a whole. */
    FILES,
    /** Of these files only keys that differ from the last backup of the series; keys that vanished are deleted. */
    KEYS
}
