package org.redisbackup.redis;

/** A server can't be reached or does not take keys at this moment; a later attempt, or another server, may. */
final class NotReadyException extends DeliveryException {
    private static final long serialVersionUID = 1L;

    private final boolean loading;

    NotReadyException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /** @param loading whether the server is about to be ready, as it loads its own data */
    NotReadyException(String message, Throwable cause, boolean loading) {
        super(message, RestoreResult.NONE, cause);
        this.loading = loading;
    }

    boolean isLoading() {
        return loading;
    }
}
