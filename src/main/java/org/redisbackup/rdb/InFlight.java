package org.redisbackup.rdb;

import java.io.IOException;

/**
 * The batches that a reader has handed out and that were not released yet: limits their number and the bytes that they
 * take. For use by any thread.
 */
public final class InFlight {
    private final int maxBatches;
    private final long maxBytes;
    private int batches;
    private long bytes;
    private IOException brokenBy;
    private boolean alone;
    private IOException undelivered;
    private boolean closed;

    /**
     * @param maxBatches that may be handed out and unreleased, or 0 for any number
     * @param maxBytes that they may take together; one alone may take more
     */
    public InFlight(int maxBatches, long maxBytes) {
        this.maxBatches = maxBatches;
        this.maxBytes = maxBytes;
    }

    /**
     * Waits until one more batch may be handed out, and counts it.
     *
     * @throws IOException when a batch could not be delivered, or the reader was closed
     */
    public synchronized void add(long memory) throws IOException, InterruptedException {
        while (isFull(memory) && isGoingOn()) {
            wait();
        }
        requireGoingOn();
        batches++;
        bytes += memory;
    }

    /**
     * Waits until every batch is released, and counts one that no other is added to before it is released.
     *
     * @throws IOException when any batch before could not be delivered, or the reader was closed
     */
    public synchronized void addAlone(long memory) throws IOException, InterruptedException {
        while (batches > 0 && isGoingOn()) {
            wait();
        }
        requireGoingOn();
        if (undelivered != null) {
            throw undelivered;
        }
        alone = true;
        batches++;
        bytes += memory;
    }

    /** @param memory as when the batch was added */
    public synchronized void release(long memory) {
        alone = false;
        batches--;
        bytes -= memory;
        notifyAll();
    }

    /** A batch could not be delivered; others may be, unless they build on it. The first reason counts. */
    public synchronized void undelivered(IOException why) {
        if (undelivered == null) {
            undelivered = why;
        }
    }

    /** A batch could not be delivered, so no other is to be handed out. The first reason counts. */
    public synchronized void breakOff(IOException why) {
        if (brokenBy == null) {
            brokenBy = why;
        }
        notifyAll();
    }

    /** Whoever waits gets an exception. */
    public synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Whether the number of batches has a limit. */
    boolean isBounded() {
        return maxBatches > 0;
    }

    private boolean isFull(long memory) {
        boolean tooLarge = batches > 0 && bytes + memory > maxBytes;
        return alone || (maxBatches > 0 && (batches == maxBatches || tooLarge));
    }

    private boolean isGoingOn() {
        return !closed && brokenBy == null;
    }

    /** @throws IOException when a batch could not be delivered, or the reader was closed */
    public synchronized void requireGoingOn() throws IOException {
        if (brokenBy != null) {
            throw brokenBy;
        }
        if (closed) {
            throw new IOException("the backup was closed before its end");
        }
    }
}
