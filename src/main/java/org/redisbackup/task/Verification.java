package org.redisbackup.task;

/** How a target is compared with a file that was imported into it. */
public enum Verification {
    NONE,
    /** Whether every key is there. */
    COUNT,
    /** Some keys, as a whole. */
    SAMPLE,
    /** Every key, as a whole. */
    FULL
}
