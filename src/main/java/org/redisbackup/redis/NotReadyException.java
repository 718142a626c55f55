package org.redisbackup.redis;

/** A server can't be reached or does not take keys at this moment; a later attempt, or another server, may. */
final class NotReadyException extends DeliveryException {
    private static final long serialVersionUID = 1L;

    NotReadyException(String message, Throwable cause) {
        super(message, RestoreResult.NONE, cause);
    }
}
