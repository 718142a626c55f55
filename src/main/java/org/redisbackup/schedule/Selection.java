package org.redisbackup.schedule;

/** Which of the backups that are there a schedule imports. */
enum Selection {
    /** The newest one. */
    NEWEST,
    /** All that were not imported into the target yet. */
    ALL_NEW,
    /** The files of the newest backup that has them all. */
    NEWEST_SHARD_SET
}
