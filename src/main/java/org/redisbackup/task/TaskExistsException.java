package org.redisbackup.task;

/** A task that is refused because there is one of its id. */
public final class TaskExistsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TaskExistsException(String id) {
        super("There is a task " + id + " already");
    }
}
