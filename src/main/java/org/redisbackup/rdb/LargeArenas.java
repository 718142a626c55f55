package org.redisbackup.rdb;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The memory of values too large for a reader's buffer: bounded, all of it together, and used again, because giants
 * made anew keep the garbage collector busy. Nearly all are of one size: as the collector does not move them, a longer one
 * might find no place between shorter ones. For use by any thread.
 */
final class LargeArenas {
    /** Bytes that hold nearly every value. */
    private static final int STANDARD = 12_000_000;

    private final long maxBytes;
    private final int standard;
    private final Queue<byte[]> spare = new ArrayDeque<>();
    private long usedBytes;
    private boolean closed;

    /**
     * @param maxBytes of all of them together, which a single one may exceed; 0 for no limit, when none is kept
     * @param longest that will be asked for
     */
    LargeArenas(long maxBytes, int longest) {
        this.maxBytes = maxBytes;
        standard = Math.min(longest, STANDARD);
    }

    /**
     * Waits while others leave too little room.
     *
     * @param atLeast bytes
     * @throws IOException when there is nothing to wait for any more, as the backup is closed
     */
    synchronized byte[] take(int atLeast) throws IOException {
        int length = maxBytes > 0 ? Math.max(standard, atLeast) : atLeast;
        awaitRoom(length);
        if (length != standard) {
            spare.clear(); // so that there is room
        }
        byte[] kept = length == standard ? spare.poll() : null;
        byte[] arena = kept == null ? new byte[length] : kept;
        usedBytes += length;
        return arena;
    }

    /**
     * Takes a longer one with the same bytes for one that was taken before.
     *
     * @throws IOException as {@link #take}
     */
    synchronized byte[] exchange(byte[] outgrown, int atLeast) throws IOException {
        usedBytes -= outgrown.length;
        byte[] longer = take(atLeast);
        System.arraycopy(outgrown, 0, longer, 0, outgrown.length);
        return longer;
    }

    /** @param arena that was taken, and nobody looks at any more */
    synchronized void giveBack(byte[] arena) {
        usedBytes -= arena.length;
        if (maxBytes > 0 && arena.length == standard) {
            spare.add(arena);
        }
        notifyAll();
    }

    private void awaitRoom(int bytes) throws IOException {
        try {
            while (maxBytes > 0 && !closed && usedBytes > 0 && usedBytes + bytes > maxBytes) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for memory for a large value");
        }
        if (closed) {
            throw new IOException("the backup was closed before its end");
        }
    }

    /** Whoever waits gets an exception. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
