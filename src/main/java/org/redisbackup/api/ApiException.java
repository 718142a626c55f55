package org.redisbackup.api;

/** A request that is answered with an error. */
public class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    public ApiException(ApiError error) {
        super(error.code() + " " + error.message() + (error.hint() == null ? "" : " (" + error.hint() + ")"));
        this.error = error;
    }

    public ApiException(ErrorCode code) {
        this(ApiError.of(code));
    }

    public ApiError error() {
        return error;
    }
}
