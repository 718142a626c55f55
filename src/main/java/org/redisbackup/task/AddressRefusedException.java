package org.redisbackup.task;

/** A target that a request names by its address may not be reached. The message is one sentence. */
public final class AddressRefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    AddressRefusedException(String message) {
        super(message);
    }
}
