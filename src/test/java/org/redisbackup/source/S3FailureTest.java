package org.redisbackup.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Answers that the S3 server of the other tests does not give. */
class S3FailureTest {
    @Test
    void namesThePermissionsThatAreMissing() {
        assertThat(S3Failure.of(answer(403, "AccessDenied", "no"), "s3://b/k", "b"))
                .hasMessage("Cannot read s3://b/k: access is denied; the configured credentials need the permissions"
                        + " to list the bucket b and to get its objects.");
        assertThat(S3Failure.ofWriting(answer(403, "AccessDenied", "no"), "s3://b/k", "b"))
                .hasMessage("Cannot write s3://b/k: access is denied; the configured credentials need the permission to"
                        + " put objects into the bucket b.");
    }

    @Test
    void passesOnWhatItDoesNotKnow() {
        assertThat(S3Failure.of(answer(301, "PermanentRedirect", "use the endpoint of eu-west-1"), "s3://b/k", "b"))
                .hasMessage("Cannot read s3://b/k: the S3 server answered HTTP 301 PermanentRedirect:"
                        + " use the endpoint of eu-west-1.");
        assertThat(S3Failure.of(S3Exception.builder().statusCode(400).build(), "s3://b/k", "b"))
                .hasMessage("Cannot read s3://b/k: the S3 server answered HTTP 400.");
        assertThat(S3Failure.of(SdkClientException.create("no region"), "s3://b/k", "b"))
                .hasMessage("Cannot read s3://b/k: the S3 client failed (no region).");
    }

    @Test
    void tellsWhatMayPassFromWhatWillNot() {
        assertThat(S3Failure.isTransient(answer(503, "SlowDown", ""))).isTrue();
        assertThat(S3Failure.isTransient(answer(500, "InternalError", ""))).isTrue();
        assertThat(S3Failure.isTransient(answer(429, "TooManyRequests", ""))).isTrue();
        assertThat(S3Failure.isTransient(SdkClientException.create("failed", new SocketTimeoutException())))
                .isTrue();
        assertThat(S3Failure.isTransient(answer(403, "AccessDenied", ""))).isFalse();
        assertThat(S3Failure.isTransient(answer(404, "NoSuchKey", ""))).isFalse();
        assertThat(S3Failure.isTransient(SdkClientException.create("no region")))
                .isFalse();
    }

    private static S3Exception answer(int status, String code, String message) {
        return (S3Exception) S3Exception.builder()
                .statusCode(status)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(code)
                        .errorMessage(message)
                        .build())
                .build();
    }
}
