package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The body of every answer that is no success.
 *
 * @param status HTTP status, not part of the body
 * @param code never null: official clients fail on that
 * @param message the documented sentence, never null
 * @param detail what was expected or what to do, where the documented sentence does not tell; null otherwise
 */
@JsonPropertyOrder({"error_code", "error_msg", "error_ext_msg"})
public record ApiError(
        @JsonIgnore int status,
        @JsonProperty("error_code") String code,
        @JsonProperty("error_msg") String message,
        @JsonProperty("error_ext_msg") String detail) {
    public static ApiError of(ErrorCode code) {
        return of(code, null);
    }

    static ApiError of(ErrorCode code, String detail) {
        return new ApiError(code.status(), code.code(), code.message(), detail);
    }

    /** The field has a value that is not allowed, or none though it needs one. */
    static ApiError invalidField(String field, String detail) {
        ErrorCode code = ErrorCode.INVALID_FIELD;
        return new ApiError(code.status(), code.code(), code.message().replace("{0}", field), detail);
    }
}
