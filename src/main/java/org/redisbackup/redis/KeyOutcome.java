package org.redisbackup.redis;

/** How one key of a backup ended. Every key of every file ends in exactly one of these. */
public enum KeyOutcome {
    IMPORTED,
    REPLACED,
    SKIPPED,
    EXPIRED,
    /** Left out, because the import was told to. */
    FILTERED,
    /** Not sent, because an earlier import brought the same value. */
    UNCHANGED,
    UNSUPPORTED,
    FAILED
}
