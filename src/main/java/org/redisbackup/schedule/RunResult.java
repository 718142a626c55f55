package org.redisbackup.schedule;

/** What came of it when a schedule was to run. */
public enum RunResult {
    /** A task imports. */
    STARTED,
    /** There is nothing that the target does not have. */
    UNCHANGED,
    /** It waits for the import before. */
    QUEUED,
    /** The import before had not finished, or the target took no other. */
    OVERLAP,
    /** No service ran at that time. */
    MISSED,
    /** There was nothing to choose from. */
    NO_BACKUP,
    /** The bucket could not be read, or the target is gone; or a task was created and did not succeed. */
    FAILED;

    /** Whether somebody should know. */
    boolean isTrouble() {
        return switch (this) {
            case STARTED, UNCHANGED, QUEUED -> false;
            case OVERLAP, MISSED, NO_BACKUP, FAILED -> true;
        };
    }
}
