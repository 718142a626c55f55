package org.redisbackup.task;

/** Where an import task stands. The names are the ones that the API shows. */
public enum TaskStatus {
    MIGRATING(false),
    SUCCESS(true),
    FAILED(true),
    /** A stop was asked for, keys may still be delivered. */
    TERMINATING(false),
    TERMINATED(true);

    private final boolean finished;

    TaskStatus(boolean finished) {
        this.finished = finished;
    }

    /** Whether the task never changes again. */
    public boolean isFinished() {
        return finished;
    }
}
