package org.redisbackup.source;

import java.io.Serializable;
import java.time.Instant;

/**
 * A backup in a bucket: a reference, never its bytes.
 *
 * @param bucket name of the bucket
 * @param key name of the object
 * @param etag of the version that is meant; reading fails once the object has another
 * @param size bytes of the object
 * @param lastModified when this version was stored
 */
public record BackupFile(String bucket, String key, String etag, long size, Instant lastModified)
        implements Serializable {
    /** {@code s3://bucket/key}, for messages. */
    public String uri() {
        return "s3://" + bucket + "/" + key;
    }
}
