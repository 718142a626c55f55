package org.redisbackup.task;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.source.BackupFile;

/**
 * What is known of one file while it is imported: any thread may add to it and ask it.
 *
 * <p>Batches settle on other threads than the one that reads, so a file whose reading failed may still have batches
 * in flight: {@link #awaitSettled} is what makes its counts final.
 */
public final class FileProgress {
    private final BackupFile file;
    private RestoreResult result = RestoreResult.NONE;
    private long settled;
    private LongSupplier bytesRead = () -> 0;
    private LongSupplier handedOut = () -> 0;

    FileProgress(BackupFile file) {
        this.file = file;
    }

    public BackupFile file() {
        return file;
    }

    /** From now on the reader tells how far the file is. */
    public synchronized BatchReader reading(BatchReader reader) {
        bytesRead = reader::offset;
        handedOut = reader::batches;
        return reader;
    }

    /** Counts a batch whose keys all have their answer. */
    public synchronized void settle(RestoreResult batch) {
        result = result.plus(batch);
        settled++;
        notifyAll();
    }

    /**
     * Waits until every batch that was handed out is settled.
     *
     * @return whether they are; false when {@code limit} passed before
     */
    public synchronized boolean awaitSettled(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (settled < handedOut.getAsLong()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }

    /** What became of the keys so far. */
    public synchronized RestoreResult result() {
        return result;
    }

    synchronized FileSnapshot snapshot() {
        long read = Math.min(bytesRead.getAsLong(), file.size());
        return new FileSnapshot(read, file.size(), result, null);
    }
}
