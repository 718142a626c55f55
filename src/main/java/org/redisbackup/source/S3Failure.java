package org.redisbackup.source;

import java.io.IOException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What an exception of the S3 client means, in a sentence. */
final class S3Failure {
    private static final int REQUEST_TIMEOUT = 408;
    private static final int PRECONDITION_FAILED = 412;
    private static final int TOO_MANY_REQUESTS = 429;

    private static final Set<String> DENIED = Set.of("AccessDenied", "AllAccessDisabled");
    private static final Set<String> CREDENTIALS = Set.of(
            "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "TokenRefreshRequired");

    private S3Failure() {}

    /** Whether the same request may succeed a little later: the network broke, or the server is busy or starting. */
    static boolean isTransient(Exception e) {
        if (e instanceof S3Exception answer) {
            int status = answer.statusCode();
            return status >= 500 || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS;
        }
        return isTimeout(e) || rootCause(e) instanceof IOException;
    }

    /** Whether a request got no answer in time. */
    static boolean isTimeout(Exception e) {
        return e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException;
    }

    /** Whether the same request may succeed once the credentials were renewed. */
    static boolean isOfCredentials(SdkException e) {
        return e instanceof S3Exception answer && CREDENTIALS.contains(code(answer));
    }

    /** Whether this thread was told to stop, as opposed to a socket that timed out. */
    static boolean isInterruption(Exception e) {
        return e instanceof AbortedException || Thread.currentThread().isInterrupted();
    }

    /** Whether the object is no longer the version that was asked for. */
    static boolean isChanged(Exception e) {
        return e instanceof S3Exception answer && answer.statusCode() == PRECONDITION_FAILED;
    }

    /**
     * @param uri of what was asked for
     * @param bucket part of it
     */
    static SourceException of(SdkException e, String uri, String bucket) {
        return new SourceException("Cannot read " + uri + ": " + reason(e, bucket), e);
    }

    /** As {@link #of}, for what was to be written. */
    static SourceException ofWriting(SdkException e, String uri, String bucket) {
        String reason = isDenied(e)
                ? "access is denied; the configured credentials need the permission to put objects into the bucket "
                        + bucket + "."
                : reason(e, bucket);
        return new SourceException("Cannot write " + uri + ": " + reason, e);
    }

    private static boolean isDenied(SdkException e) {
        return e instanceof S3Exception answer && DENIED.contains(code(answer));
    }

    /** What went wrong and what to do, as the end of a sentence. */
    static String reason(Exception e, String bucket) {
        if (!(e instanceof S3Exception answer)) {
            Throwable cause = rootCause(e);
            return cause instanceof IOException
                    ? "the connection to the S3 endpoint failed (" + cause + "); check its address and the network."
                    : "the S3 client failed (" + cause.getMessage() + ").";
        }
        String code = code(answer);
        if (CREDENTIALS.contains(code)) {
            return "the S3 server does not accept the credentials (" + code
                    + "); check the configured access key and secret key.";
        }
        return switch (code) {
            case "NoSuchBucket" -> "there is no bucket " + bucket + "; check its name and the S3 endpoint.";
            case "NoSuchKey" -> "there is no such object in the bucket; check its name, which is case-sensitive.";
            case "AccessDenied", "AllAccessDisabled" ->
                "access is denied; the configured credentials need the permissions to list the bucket " + bucket
                        + " and to get its objects.";
            default -> other(answer.statusCode(), code, answer.awsErrorDetails());
        };
    }

    private static String code(S3Exception answer) {
        AwsErrorDetails details = answer.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }

    private static String other(int status, String code, AwsErrorDetails details) {
        String text = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
        return "the S3 server answered HTTP " + status + (code.isEmpty() ? "" : " " + code) + text + ".";
    }

    private static Throwable rootCause(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
