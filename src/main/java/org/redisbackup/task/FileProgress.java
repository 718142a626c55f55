package org.redisbackup.task;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.redisbackup.index.PlaceSet;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.redis.ComparisonResult;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.SourceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of one file while it is imported: any thread may add to it and ask it.
 *
 * <p>Batches settle on other threads than the one that reads, so a file whose reading failed may still have batches
 * in flight: {@link #awaitSettled} is what makes its counts final.
 */
public final class FileProgress {
    private static final Logger LOG = LoggerFactory.getLogger(FileProgress.class);

    private final BackupFile file;
    private final FileCheckpoint from;
    private final CheckpointTrack track;
    private RestoreResult result;
    private long settled;
    private boolean begun;
    private Throwable failure;
    private BackupReader<?> reader;
    private Closeable open;
    private LongSupplier bytesRead;
    private ComparisonResult comparison = ComparisonResult.NONE;
    private final KeyPlaces failedKeys = new KeyPlaces();
    private final Object ledgerTurn = new Object();
    private RetriedKeys retried; // null to import all keys
    private PlaceSet unchanged;
    private FileIndexing indexing;
    private FileSnapshot end;
    private boolean told;

    /**
     * @param from where it goes on, or how it ended, in an earlier run of the import
     * @param keepsLedger whether failures are kept for a ledger
     */
    FileProgress(FileCheckpoint from, boolean keepsLedger) {
        this.from = from;
        file = from.file();
        track = new CheckpointTrack(from, keepsLedger);
        result = from.result();
        failedKeys.add(result);
        failedKeys.requireAll(result.failed() + result.unsupported());
        end = from.end();
    }

    FileCheckpoint from() {
        return from;
    }

    CheckpointTrack track() {
        return track;
    }

    /** Held by who writes to the ledger of the file. */
    Object ledgerTurn() {
        return ledgerTurn;
    }

    /** Whether no earlier run of the import has delivered anything of it. */
    boolean isFresh() {
        return from.pieces() == 0;
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

    /**
     * From now on the reader tells how far the file is. Its batches are to be settled, one by one.
     *
     * @param betweenBatches run by the thread that reads
     */
    synchronized Iterator<BackupBatch> reading(BackupReader<?> opened, String importName, Runnable betweenBatches) {
        reader = opened;
        looking(opened, opened::offset);
        return new BatchesUntilBroken(opened, this, importName, betweenBatches);
    }

    /** Only these keys are imported. */
    synchronized void retry(RetriedKeys keys) {
        retried = keys;
    }

    /**
     * Excludes what is not to be imported.
     *
     * @throws SourceException when that can't be told
     */
    void select(BackupBatch batch) throws SourceException {
        RetriedKeys keys = retried();
        if (keys != null) {
            keys.select(batch);
        }
    }

    /** The only keys that are imported, or null for all. */
    synchronized RetriedKeys retried() {
        return retried;
    }

    /**
     * Somebody reads the file.
     *
     * @param opened ends the reading when it is closed
     * @param position bytes read so far
     */
    synchronized void looking(Closeable opened, LongSupplier position) {
        open = opened;
        bytesRead = position;
    }

    /** Of the batches that were settled. */
    KeyPlaces failedKeys() {
        return failedKeys;
    }

    /** Records that the target has already, so that they need not be sent. */
    synchronized void leaveOut(PlaceSet known) {
        unchanged = known;
    }

    /** The records that need not be sent; null when all are. */
    synchronized PlaceSet unchanged() {
        return unchanged;
    }

    /** Its batches are put into an index when they are handed out. */
    synchronized void indexBy(FileIndexing index) {
        indexing = index;
    }

    /** What its batches are put into; null when that is nothing. */
    synchronized FileIndexing indexing() {
        return indexing;
    }

    /** Whether all of its keys are on the target so far, as far as is known. */
    synchronized boolean isWhole() {
        return failure == null
                && result.failures().isEmpty()
                && result.failed() + result.unsupported() == 0
                && comparison.different() == 0;
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
        track.breakOff();
    }

    /** Why no further batch is to be read, or null. */
    synchronized Throwable failure() {
        return failure;
    }

    /** Whoever reads the file gets an exception. */
    void close() throws IOException {
        track.breakOff();
        for (Closeable opened : opened()) {
            opened.close();
        }
    }

    private synchronized List<Closeable> opened() {
        return Stream.<Closeable>of(reader, open)
                .filter(opened -> opened != null)
                .distinct()
                .toList();
    }

    /** What was left out of a file that was read to its end, or null. */
    synchronized String warning() {
        return reader == null ? null : reader.warning();
    }

    /**
     * Counts a batch whose keys all have their answer.
     *
     * @param index from 0, in the order handed out
     */
    public void settle(int index, RestoreResult batch) {
        failedKeys.add(batch);
        track.settle(index, batch);
        count(batch);
    }

    /** Counts what was done beside the batches. */
    synchronized void add(RestoreResult more) {
        result = result.plus(more);
    }

    /** Counts what came of a batch that was broken off. */
    void countBroken(RestoreResult batch) {
        track.broken(batch);
        count(batch);
    }

    private synchronized void count(RestoreResult batch) {
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
     * @param forGood whether no later run of the import goes on with it
     */
    synchronized FileSnapshot end(String error, boolean forGood) {
        retried = null; // megabytes, too
        long read = error == null ? file.size() : snapshot().bytesRead();
        end = new FileSnapshot(read, file.size(), result, comparison, error);
        open = null;
        bytesRead = null;
        unchanged = null;
        closeIndexing();
        reader = null; // its buffers are megabytes, and this may be kept for a while
        if (forGood) {
            track.end(end);
        }
        told = true;
        return end;
    }

    private void closeIndexing() {
        if (indexing != null) {
            try {
                indexing.close();
            } catch (IOException e) {
                LOG.debug("The index of {} could not be closed", file.uri(), e);
            }
            indexing = null;
        }
    }

    /** How the file ended in an earlier run, after which nothing is asked of this any more; null when it did not. */
    synchronized FileSnapshot tellEnd() {
        told = end != null;
        return end;
    }

    /** Whether it has ended, its result was told, and its checkpoint says so, so that nothing changes any more. */
    synchronized boolean isDone() {
        return told && end != null && track.saved().end() != null;
    }

    synchronized FileSnapshot snapshot() {
        if (end != null) {
            return end;
        }
        long read = 0;
        if (reader != null) { // also while the file is read again, to be compared
            read = Math.min(reader.offset(), file.size());
        } else if (bytesRead != null) {
            read = Math.min(bytesRead.getAsLong(), file.size());
        }
        return new FileSnapshot(read, file.size(), result, comparison, null);
    }
}
