package org.redisbackup.rdb;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * The memory of values too large for a reader's buffer: bounded, all of it together, and used again, because giants
 * made anew keep the garbage collector busy. Nearly all are of one size: as the collector does not move them, a longer one
 * might find no place between shorter ones. What one value leaves of an arena the next may begin in. One thread takes,
 * any may give back.
 */
final class LargeArenas {
    /** Bytes that hold nearly every value. */
    private static final int STANDARD = 12_000_000;

    private final long maxBytes;
    private final int standard;
    private final Queue<Arena> spare = new ArrayDeque<>();
    private Arena last; // taken and not given back by everybody: its rest may be used
    private long usedBytes;
    private boolean closed;

    /**
     * @param maxBytes of all of them together, which a single one may exceed; 0 for no limit, when none is kept or shared
     * @param longest bytes of one that holds the largest value and {@link RdbInput#MARGIN}
     */
    LargeArenas(long maxBytes, int longest) {
        this.maxBytes = maxBytes;
        standard = Math.min(longest, STANDARD);
    }

    /**
     * The rest of the one that was taken last, if that is long enough; else waits while others leave too little room.
     *
     * @param atLeast bytes that can be read into it
     * @throws IOException when there is nothing to wait for any more, as the backup is closed
     */
    synchronized Arena take(int atLeast) throws IOException {
        requireOpen();
        if (maxBytes > 0 && last != null && last.end() - last.start() >= atLeast) {
            last.holders++;
            return last;
        }
        int length = Math.max(maxBytes > 0 ? standard : 0, atLeast + RdbInput.MARGIN);
        awaitRoom(length);
        if (length != standard) {
            spare.clear(); // so that there is room
        }
        Arena kept = length == standard ? spare.poll() : null;
        last = kept == null ? new Arena(new byte[length], length - RdbInput.MARGIN) : kept;
        last.holders = 1;
        usedBytes += length;
        return last;
    }

    /**
     * Takes another one for one that was taken before and is too short. Its bytes stand where they did until the next call.
     *
     * @throws IOException as {@link #take}
     */
    synchronized Arena exchange(Arena outgrown, int atLeast) throws IOException {
        giveBack(outgrown);
        return take(atLeast);
    }

    /** @param arena that was taken, and whoever took it does not look at any more */
    synchronized void giveBack(Arena arena) {
        if (--arena.holders > 0) {
            return;
        }
        arena.keep(0);
        usedBytes -= arena.bytes().length;
        if (maxBytes > 0 && arena.bytes().length == standard) {
            spare.add(arena);
        }
        if (arena == last) {
            last = null;
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
        requireOpen();
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the backup was closed before its end");
        }
    }

    /** Whoever waits gets an exception. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /** Memory whose first part holds values that were handed over, so that only the rest may be read into. */
    static final class Arena {
        private final byte[] bytes;
        private final int end;
        private int start;
        private int holders; // guarded by the arenas

        Arena(byte[] bytes, int end) {
            this.bytes = bytes;
            this.end = end;
        }

        byte[] bytes() {
            return bytes;
        }

        /** Index of the first byte that may be read into. */
        int start() {
            return start;
        }

        /** Index behind the last one. A large arena goes on for {@link RdbInput#MARGIN} bytes, for what else belongs to a batch. */
        int end() {
            return end;
        }

        /** What stands before this index stays as it is until nobody looks at it any more. */
        void keep(int index) {
            start = index;
        }
    }
}
