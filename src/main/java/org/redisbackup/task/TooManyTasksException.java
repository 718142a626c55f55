package org.redisbackup.task;

/** No further task can wait for its turn now. */
public class TooManyTasksException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyTasksException(int limit) {
        super(limit + " tasks are waiting or running; try again when some have finished");
    }
}
