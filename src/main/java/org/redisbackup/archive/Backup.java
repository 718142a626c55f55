package org.redisbackup.archive;

import java.io.Closeable;
import java.io.IOException;
import org.redisbackup.rdb.ResumePoint;

/** A backup as the dumps that it holds, one after the other. */
public interface Backup extends Closeable {
    /**
     * The next dump. One thread at a time may ask for dumps and read them.
     *
     * @return null when there is no other
     * @throws IOException when it can't be read, or holds what no dump is
     */
    Dump next() throws IOException;

    /** Where its reader goes on; a place is one of the first dump. */
    ResumePoint from();

    /** Whether bytes and places of a dump are not those of the backup, because it is compressed or of several files. */
    boolean isPacked();

    /** Bytes of the backup read so far, unpacked or not; for any thread. */
    long bytesRead();

    /** Ends a read in progress, by any thread. */
    @Override
    void close() throws IOException;
}
