package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * The body of every answer that is no success.
 *
 * @param status HTTP status, not part of the body
 * @param code never null: official clients fail on that
 * @param message the documented sentence, never null
 * @param detail what was expected or what to do, where the documented sentence does not tell; null otherwise
 * @param requestId what gateways add to their errors, null in all others
 */
@JsonPropertyOrder({"error_code", "error_msg", "error_ext_msg", "request_id"})
public record ApiError(
        @JsonIgnore int status,
        @JsonProperty("error_code") String code,
        @JsonProperty("error_msg") String message,
        @JsonProperty("error_ext_msg") String detail,
        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("request_id") String requestId) {
    private static final String GATEWAY = "APIGW.";

    public static ApiError of(ErrorCode code) {
        return of(code, null);
    }

    public static ApiError of(ErrorCode code, String detail) {
        return new ApiError(code.status(), code.code(), code.message(), detail, null);
    }

    /** The proof of who asks is wrong in this way. */
    public static ApiError notAuthentic(String reason) {
        return filled(ErrorCode.NOT_AUTHENTIC, reason, null);
    }

    /** The field has a value that is not allowed, or none though it needs one. */
    static ApiError invalidField(String field, String detail) {
        return filled(ErrorCode.INVALID_FIELD, field, detail);
    }

    private static ApiError filled(ErrorCode code, String what, String detail) {
        return new ApiError(code.status(), code.code(), code.message().replace("{0}", what), detail, null);
    }

    /** The same, as the answer to the request of this id: an error of a gateway names it. */
    public ApiError answering(String id) {
        return code.startsWith(GATEWAY) ? new ApiError(status, code, message, detail, id) : this;
    }
}
