package org.redisbackup.schedule;

/** What a schedule does about times to fire at which no service ran. */
enum MissedPolicy {
    /** Waits for the next one. */
    SKIP,
    /** Runs once, as soon as a service runs, however many there were. */
    RUN_ONCE
}
