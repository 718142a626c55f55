package org.redisbackup.redis;

/** What happens to a key of the backup that the target already holds. */
public enum ConflictPolicy {
    /** The backup's value takes its place; counted as replaced. */
    REPLACE,
    /** The target's value stays; counted as skipped. */
    SKIP,
    /** The target's value stays; counted as failed. */
    FAIL
}
