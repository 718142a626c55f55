package org.redisbackup.rdb;

import java.io.IOException;

/**
 * A piece of a backup on its way to the target. Whoever receives one delivers it or not, and in the end calls one of the
 * two methods, because the reader that handed it out waits for that before it hands out too many.
 */
public interface BackupBatch {
    /**
     * What it consists of: keys, function libraries and scripts, or commands. Reading a backup again gives the same
     * pieces in the same order, however they are cut into batches.
     */
    int pieces();

    /** Where reading can go on behind this batch, in the middle of the backup; null where that is not possible. */
    Checkpoint checkpoint();

    /** Says where it stands in an import that can go on after it was broken off. */
    void standsAt(ImportPlace place);

    /** Tells the reader that nobody looks at this batch any more. May be called twice. */
    void release();

    /** Tells the reader that this batch could not be delivered: it ends with this failure, and the batch is released. */
    void breakOff(IOException why);
}
