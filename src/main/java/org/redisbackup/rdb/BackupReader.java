package org.redisbackup.rdb;

import java.io.Closeable;
import java.util.Iterator;

/**
 * A backup as batches, read as they are asked for. One thread at a time may iterate; every other method may be called by
 * any.
 *
 * @param <B> the batches that it consists of
 */
public interface BackupReader<B extends BackupBatch> extends Iterator<B>, Closeable {
    /**
     * Reads the next batch. Never throws: who looks ahead while holding a batch would lose that batch. When reading
     * failed, says true, and {@link #next} throws. After that there is no next.
     */
    @Override
    boolean hasNext();

    /**
     * Waits for batches to be released when too many are in flight.
     *
     * @throws java.io.UncheckedIOException with a {@link BackupFormatException} or what the stream threw, and when the
     *     reader is closed meanwhile
     */
    @Override
    B next();

    /** Bytes of the backup gone over so far. */
    long offset();

    /** Batches handed out so far. */
    long batches();

    /** One sentence about what was left out although the backup was read to its end, or null. */
    String warning();
}
