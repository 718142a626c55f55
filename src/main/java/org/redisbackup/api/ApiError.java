package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The body of every answer that is no success, and the hint that comes in a header beside it.
 *
 * @param status HTTP status, not part of the body
 * @param code never null: official clients fail on that
 * @param message the documented sentence, never null
 * @param hint what was expected or what to do, where the documented sentence does not tell; else null. Printable ASCII
 *     of at most 512 characters, so that a header can hold it; not part of the body
 * @param requestId what gateways add to their errors, null in all others
 */
@JsonPropertyOrder({"error_code", "error_msg", "error_ext_msg", "request_id"})
public record ApiError(
        @JsonIgnore int status,
        @JsonProperty("error_code") String code,
        @JsonProperty("error_msg") String message,
        @JsonIgnore String hint,
        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("request_id") String requestId) {
    /** Name of the response header for the hint. */
    public static final String HINT = "X-Error-Hint";

    private static final int MAX_HINT = 512;
    private static final String GATEWAY = "APIGW.";

    public ApiError {
        hint = hint == null ? null : printable(hint);
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), MAX_HINT)).replaceAll("[^ -~]", "?");
    }

    public static ApiError of(ErrorCode code) {
        return of(code, null);
    }

    public static ApiError of(ErrorCode code, String hint) {
        return new ApiError(code.status(), code.code(), code.message(), hint, null);
    }

    /** The proof of who asks is wrong in this way. */
    public static ApiError notAuthentic(String reason) {
        return filled(ErrorCode.NOT_AUTHENTIC, reason, null);
    }

    /** The field has a value that is not allowed, or none though it needs one. */
    public static ApiError invalidField(String field, String hint) {
        return filled(ErrorCode.INVALID_FIELD, field, hint);
    }

    private static ApiError filled(ErrorCode code, String what, String hint) {
        return new ApiError(code.status(), code.code(), code.message().replace("{0}", what), hint, null);
    }

    /** The same, as the answer to the request of this id: an error of a gateway names it. */
    public ApiError answering(String id) {
        return code.startsWith(GATEWAY) ? new ApiError(status, code, message, hint, id) : this;
    }

    /** The contract declares it, and leaves it unused. */
    @JsonProperty("error_ext_msg")
    String extMessage() {
        return null;
    }
}
