package org.redisbackup.task;

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.redis.ComparisonResult;
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
    private boolean begun;
    private Throwable failure;
    private BackupReader<?> reader;
    private BackupReader<?> looked;
    private ComparisonResult comparison = ComparisonResult.NONE;
    private final FailedKeys failedKeys = new FailedKeys();
    private FileSnapshot end;

    FileProgress(BackupFile file) {
        this.file = file;
    }

    public BackupFile file() {
        return file;
    }

    synchronized void begin() {
        begun = true;
    }

    /** Whether its import has begun and not ended. */
    synchronized boolean isInFlight() {
        return begun && end == null;
    }

    /** From now on the reader tells how far the file is. Its batches are to be settled, one by one. */
    synchronized Iterator<BackupBatch> reading(BackupReader<?> opened) {
        reader = opened;
        return new BatchesUntilBroken(opened, this);
    }

    /** The file is only looked at, by this reader. */
    synchronized void looking(BackupReader<?> opened) {
        looked = opened;
    }

    /** Of the batches that were settled. */
    FailedKeys failedKeys() {
        return failedKeys;
    }

    /** The file was imported and compared with the target. */
    synchronized void compared(ComparisonResult found) {
        comparison = found;
    }

    /** No further batch is to be read; the first reason counts. */
    synchronized void breakOff(Throwable why) {
        if (failure == null) {
            failure = why;
        }
    }

    /** Why no further batch is to be read, or null. */
    synchronized Throwable failure() {
        return failure;
    }

    /** Whoever reads the file gets an exception. */
    void close() throws IOException {
        for (BackupReader<?> opened : readers()) {
            opened.close();
        }
    }

    private synchronized List<BackupReader<?>> readers() {
        return Stream.<BackupReader<?>>of(reader, looked)
                .filter(opened -> opened != null)
                .toList();
    }

    private synchronized BackupReader<?> current() {
        return reader == null ? looked : reader;
    }

    /** What was left out of a file that was read to its end, or null. */
    synchronized String warning() {
        return reader == null ? null : reader.warning();
    }

    /** Counts a batch whose keys all have their answer. */
    synchronized void settle(RestoreResult batch) {
        failedKeys.add(batch);
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
        while (reader != null && settled < reader.batches()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, left / 1_000_000));
        }
        return true;
    }

    /**
     * Makes the counts final.
     *
     * @param error one sentence, or null when the file was read to its end
     */
    synchronized FileSnapshot end(String error) {
        long read = error == null ? file.size() : snapshot().bytesRead();
        end = new FileSnapshot(read, file.size(), result, comparison, error);
        looked = null;
        reader = null; // its buffers are megabytes, and this may be kept for a while
        return end;
    }

    synchronized boolean isEnded() {
        return end != null;
    }

    synchronized FileSnapshot snapshot() {
        if (end != null) {
            return end;
        }
        BackupReader<?> opened = current();
        long read = opened == null ? 0 : Math.min(opened.offset(), file.size());
        return new FileSnapshot(read, file.size(), result, comparison, null);
    }
}
