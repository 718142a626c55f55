package org.redisbackup.redis;

import java.io.IOException;

/**
 * The target can't take keys: unreachable, credentials refused, read-only, out of memory, connection lost. The message
 * is one sentence that names the target and never a password.
 */
public class DeliveryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final RestoreResult result;

    public DeliveryException(String message, RestoreResult result, Throwable cause) {
        super(message, cause);
        this.result = result;
    }

    /** What became of the keys of the batch in flight; those without an answer are counted as failed. */
    public RestoreResult result() {
        return result;
    }
}
