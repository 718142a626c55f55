package org.redisbackup.rdb;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Batches of one backup that are handed out and not yet released. They are limited, in number and in bytes, across all
 * dumps of the backup; and the first that could not be delivered ends the reading of all of them. For use by any thread.
 */
public final class BatchesInFlight {
    private final Semaphore places;
    private final Semaphore memory;
    private final int memoryLimit;
    private final AtomicLong handedOut = new AtomicLong();
    private volatile IOException brokenBy;
    private volatile boolean closed;

    /**
     * @param batches that may be handed out and unreleased, or 0 for any number; together they take as many batches of
     *     normal size would, or as the largest value may that is held in memory
     * @param batchBytes of a batch of normal size
     */
    public BatchesInFlight(int batches, int batchBytes, RdbLimits limits) {
        if (batches < 0) {
            throw new IllegalArgumentException("a negative number of batches can't be in flight: " + batches);
        }
        memoryLimit =
                (int) Math.min(Integer.MAX_VALUE, Math.max((long) batches * batchBytes, limits.maxBufferedValue()));
        memory = new Semaphore(memoryLimit);
        places = batches == 0 ? null : new Semaphore(batches);
    }

    /** Batches handed out so far, released or not. */
    public long handedOut() {
        return handedOut.get();
    }

    /**
     * Waits for a place for a batch.
     *
     * @throws IOException when the backup is closed, or one of its batches could not be delivered
     */
    void take(KeyBatch batch) throws InterruptedException, IOException {
        if (places != null) {
            places.acquire();
            memory.acquire(weight(batch));
        }
        requireOpen();
        handedOut.incrementAndGet();
    }

    void release(KeyBatch batch) {
        if (places != null) {
            places.release();
            memory.release(weight(batch));
        }
    }

    /** The bytes that a batch takes; one alone may always be handed out. */
    private int weight(KeyBatch batch) {
        return Math.min(memoryLimit, batch.memory());
    }

    /** Nothing more can be delivered, for this reason. */
    void breakOff(IOException why) {
        brokenBy = why;
    }

    void requireOpen() throws IOException {
        if (brokenBy != null) {
            throw brokenBy;
        }
        if (closed) {
            throw new IOException("the backup was closed before its end");
        }
    }

    /** Whoever waits for a place gets an exception. */
    void close() {
        closed = true;
        if (places != null) {
            places.release();
            memory.release(memoryLimit);
        }
    }
}
