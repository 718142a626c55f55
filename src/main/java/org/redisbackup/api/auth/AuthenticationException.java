package org.redisbackup.api.auth;

import org.redisbackup.api.ApiError;
import org.redisbackup.api.ApiException;
import org.redisbackup.api.ErrorCode;

/** A token or a signature that proves nothing. It counts as a failed attempt, other refusals don't. */
final class AuthenticationException extends ApiException {
    private static final long serialVersionUID = 1L;

    private AuthenticationException(ApiError error) {
        super(error);
    }

    static AuthenticationException token() {
        return new AuthenticationException(ApiError.of(ErrorCode.INVALID_TOKEN));
    }

    static AuthenticationException token(String detail) {
        return new AuthenticationException(ApiError.of(ErrorCode.INVALID_TOKEN, detail));
    }

    /** @param reason nothing that helps to guess: neither what was expected nor what it was made of */
    static AuthenticationException signature(String reason) {
        return new AuthenticationException(ApiError.notAuthentic(reason));
    }
}
