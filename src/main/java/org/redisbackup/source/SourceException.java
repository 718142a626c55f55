package org.redisbackup.source;

import java.io.IOException;

/** A backup can't be found, listed or read. The message is one sentence that names it as {@code s3://bucket/key}. */
public class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    public SourceException(String message) {
        super(message);
    }

    public SourceException(String message, Throwable cause) {
        super(message, cause);
    }
}
