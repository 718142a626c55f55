package org.redisbackup.task;

/** A task can't be imported into its target; the message is one sentence without secrets. */
final class TargetUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    TargetUnavailableException(String message) {
        super(message);
    }
}
