package org.redisbackup.source;

import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** What is written into S3-compatible buckets: small objects. Safe for use by many threads; the client belongs to the caller. */
public final class S3Objects {
    private final S3Client client;
    private final Backoff backoff;

    /** @param backoff for writes that break or find the server busy */
    public S3Objects(S3Client client, Backoff backoff) {
        this.client = client;
        this.backoff = backoff;
    }

    /**
     * Writes an object, in place of the one of the same key if there is one.
     *
     * @param type MIME type
     * @throws SourceException when the bucket does not take it, now or after all attempts
     */
    public void put(String bucket, String key, String type, byte[] content)
            throws SourceException, InterruptedIOException {
        for (int attempt = 1; ; attempt++) {
            try {
                client.putObject(
                        request -> request.bucket(bucket).key(key).contentType(type), RequestBody.fromBytes(content));
                return;
            } catch (SdkException e) {
                if (S3Failure.isInterruption(e)) {
                    throw new InterruptedIOException("interrupted while s3://" + bucket + "/" + key + " was written");
                }
                if (!S3Failure.isTransient(e) || attempt == backoff.attempts()) {
                    throw S3Failure.ofWriting(e, "s3://" + bucket + "/" + key, bucket);
                }
                pause(attempt, bucket, key);
            }
        }
    }

    private void pause(int failed, String bucket, String key) throws InterruptedIOException {
        try {
            TimeUnit.MILLISECONDS.sleep(backoff.pauseAfter(failed).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before s3://" + bucket + "/" + key + " was written");
        }
    }
}
