package org.redisbackup.redis;

/** How one key of a backup ended. Every key of every file ends in exactly one of these. */
public enum KeyOutcome {
    IMPORTED,
    REPLACED,
    SKIPPED,
    EXPIRED,
    /** Left out, because the import was told to. */
    FILTERED,
    UNSUPPORTED,
    FAILED
}
