package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The body of every answer that is no success, and the hint that comes in a header beside it.
 *
 * @param status HTTP status, not part of the body
 * @param code never null: official clients fail on that
 * @param message the documented sentence, never null
 * @param hint what was expected or what to do, where the documented sentence does not tell; else null. Printable ASCII
 *     of at most {@value #MAX_HINT} characters, so that a header can hold it; not part of the body
 */
@JsonPropertyOrder({"error_code", "error_msg", "error_ext_msg"})
public record ApiError(
        @JsonIgnore int status,
        @JsonProperty("error_code") String code,
        @JsonProperty("error_msg") String message,
        @JsonIgnore String hint) {
    /** Name of the response header for the hint. */
    public static final String HINT = "X-Error-Hint";

    private static final int MAX_HINT = 512;

    public ApiError {
        hint = hint == null ? null : printable(hint);
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), MAX_HINT)).replaceAll("[^ -~]", "?");
    }

    public static ApiError of(ErrorCode code) {
        return of(code, null);
    }

    static ApiError of(ErrorCode code, String hint) {
        return new ApiError(code.status(), code.code(), code.message(), hint);
    }

    /** The field has a value that is not allowed, or none though it needs one. */
    static ApiError invalidField(String field, String hint) {
        ErrorCode code = ErrorCode.INVALID_FIELD;
        return new ApiError(code.status(), code.code(), code.message().replace("{0}", field), hint);
    }

    /** The contract declares it, and leaves it unused. */
    @JsonProperty("error_ext_msg")
    String extMessage() {
        return null;
    }
}
