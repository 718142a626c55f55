package org.redisbackup.rdb;

import java.io.IOException;

/** Goes over the elements of a blob: a small collection that servers keep, and write to files, as one string of bytes. */
public abstract class BlobCursor extends ElementCursor {
    /**
     * Starts with a blob at the next byte.
     *
     * @param total bytes that it is to take
     */
    public abstract void open(ByteWindow window, long total) throws IOException;
}
