package org.redisbackup.schedule;

/** What a schedule does when it is to run while its last import has not finished, or its target takes no other. */
enum OverlapPolicy {
    /** Does not run. */
    FORBID,
    /** Runs when that has finished; once, however often it was to run until then. */
    QUEUE
}
