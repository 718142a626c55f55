package org.redisbackup.source;

import java.io.Serializable;
import java.time.Instant;
import java.util.List;

/**
 * A backup in a bucket: a reference, never its bytes.
 *
 * @param bucket name of the bucket
 * @param key name of the object
 * @param etag of the version that is meant; reading fails once the object has another
 * @param size bytes of the object
 * @param lastModified when this version was stored
 * @param parts of a backup of several objects, in the order in which they are to be read; empty for one object
 */
public record BackupFile(
        String bucket, String key, String etag, long size, Instant lastModified, List<BackupFile> parts)
        implements Serializable {
    public BackupFile {
        parts = List.copyOf(parts);
    }

    /** A backup that is one object. */
    public BackupFile(String bucket, String key, String etag, long size, Instant lastModified) {
        this(bucket, key, etag, size, lastModified, List.of());
    }

    /** The key behind its last slash. */
    public String name() {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** {@code s3://bucket/key}, for messages. */
    public String uri() {
        return "s3://" + bucket + "/" + key;
    }
}
