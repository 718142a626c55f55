package org.redisbackup.api;

/** The errors of the API: HTTP status, code and message as documented for DCS v2. Clients tell errors by the code. */
public enum ErrorCode {
    INVALID_TOKEN(401, "DCS.1001", "Invalid token."),
    TOKEN_EXPIRED(401, "DCS.1002", "Token expired."),
    NO_TOKEN(401, "DCS.1003", "No token in the request."),
    WRONG_PROJECT(401, "DCS.1004", "Project ID does not match the token."),
    /** A gateway's answer; {@code {0}} stands for what is wrong. */
    NOT_AUTHENTIC(401, "APIGW.0301", "Incorrect IAM authentication information: {0}"),
    NO_PERMISSION(403, "DCS.2003", "This role does not have the permission to perform this operation."),
    READ_ONLY(403, "DCS.3002", "This tenant has read permission only and cannot perform this operation."),
    UNKNOWN_INSTANCE(404, "DCS.3022", "This DCS instance does not exist."),
    UNKNOWN_URL(404, "DCS.4001", "The requested URL does not exist."),
    INVALID_PROJECT_ID(400, "DCS.4002", "Invalid project ID format."),
    EMPTY_BODY(400, "DCS.4004", "Empty request body."),
    INVALID_JSON(400, "DCS.4005", "The message body contains invalid characters or is not in JSON format."),
    // the contract has no codes for what is no HTTP, or too large
    NOT_HTTP(400, "DCS.4005", "The request is not in HTTP format."),
    URL_TOO_LONG(414, "DCS.4001", "The requested URL is too long."),
    HEADERS_TOO_LARGE(431, "DCS.4005", "The request headers are too large."),
    BODY_TOO_LARGE(413, "DCS.4005", "The message body is too large."),
    LONG_DESCRIPTION(400, "DCS.4011", "DCS instance description cannot exceed 1024 characters."),
    TARGET_BUSY(400, "DCS.4017", "This DCS instance job task is still running."),
    NOT_NOW(400, "DCS.4026", "This operation is not allowed when the DCS instance is in the current state."),
    TOO_MANY_TASKS(400, "DCS.4039", "The quota limit has been reached."),
    NOT_RUNNING(400, "DCS.4049", "The instance status is not running."),
    INVALID_INSTANCE_ID(400, "DCS.4061", "Invalid instance ID format."),
    INVALID_TASK_ID(400, "DCS.4070", "Invalid task ID format."),
    PASSWORD_WRONG(400, "DCS.4080", "Instance password verify failed."),
    BACKUP_RECORD_UNUSABLE(400, "DCS.4087", "the backup record status is err when restore this instance"),
    TOO_MANY_IDS(400, "DCS.4100", "The number of instance IDs in an instances array cannot exceed 50."),
    UNKNOWN_TASK(400, "DCS.4133", "Instance job is not found."),
    /** {@code {0}} stands for the name of the field or parameter. */
    INVALID_FIELD(400, "DCS.4800", "Invalid {0} in the request."),
    PASSWORD_MISSING(400, "DCS.4845", "The password parameter is missing or its value is invalid."),
    UNKNOWN_TASKS(400, "DCS.4855", "invalid migration task id in the request."),
    WRONG_STATE(400, "DCS.4957", "This operation is not allowed when the task is in the current state."),
    /** A gateway's answer: the contract has none. */
    TOO_MANY_REQUESTS(429, "APIGW.0308", "The throttling threshold has been reached."),
    METHOD_NOT_ALLOWED(405, "DCS.5001", "This request method is not allowed."),
    /** The contract has no code for a service that is starting or ending. */
    NOT_READY(503, "DCS.5000", "The service is not ready."),
    INTERNAL(500, "DCS.5000", "Internal service error.");

    private final int status;
    private final String code;
    private final String message;

    ErrorCode(int status, String code, String message) {
        this.status = status;
        this.code = code;
        this.message = message;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    String code() {
        return code;
    }

    String message() {
        return message;
    }
}
