package org.redisbackup.task;

/** A task that is refused because too many have not finished yet. */
public final class TaskLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Limit limit;

    /** What there is enough of. */
    public enum Limit {
        /** Unfinished tasks of the target. */
        TARGET,
        /** Unfinished tasks of the project. */
        PROJECT,
        /** Unfinished tasks of the service. */
        SERVICE
    }

    TaskLimitException(Limit limit, String message) {
        super(message);
        this.limit = limit;
    }

    public Limit limit() {
        return limit;
    }
}
