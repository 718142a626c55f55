package org.redisbackup.rdb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.redisbackup.rdb.LargeArenas.Arena;

/**
 * The bytes of an RDB stream through one buffer, with their position and running checksum: the only class that touches
 * the stream. From {@link #mark} on everything is kept, so that a value can be looked at whole when its end is found.
 */
final class RdbInput extends ByteWindow {
    /** With the head of an array, it and its doubles just fill the pieces in which the garbage collector cuts up the heap. */
    private static final int BUFFER = (1 << 20) - 64;

    /** Checksumming in pieces of this size finds the bytes still in the processor's cache. */
    private static final int CHECKSUM_PIECE = 1 << 15;

    /** Handing over costs the change of a thread. */
    private static final int TAPPED_PIECE = 1 << 16;

    /** So that what else belongs to a batch finds room behind a value that is as large as may be. */
    static final int MARGIN = 1 << 18;

    private static final int NO_MARK = -1;

    private final InputStream in;
    private final int maxKept;
    private final LargeArenas arenas;
    private final Arena own = new Arena(new byte[BUFFER], BUFFER);
    private Arena arena = own; // the buffer is its array
    private long bufferOffset; // of buffer[0] in the stream
    private int filled; // end of the bytes in the buffer, of which those before the limit may be gone over
    private int mark = NO_MARK;
    private Tap tap;
    private int tapped; // buffer[.., tapped) was handed to the tap
    private long checksum;
    private int checksummed; // buffer[0, checksummed) is in checksum
    private volatile long published;

    /** Is handed bytes that were gone over. */
    interface Tap {
        void pass(byte[] bytes, int from, int count) throws IOException;
    }

    /** More bytes were asked for than may be kept behind a mark. */
    static final class TooLongException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLongException() {
            super("more bytes than may be kept");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this; // it says nothing that its catcher would not know
        }
    }

    /**
     * @param maxKept bytes that may be kept behind a mark
     * @param arenas where memory comes from when that is more than fits into the buffer
     */
    RdbInput(InputStream in, int maxKept, LargeArenas arenas) {
        this.in = in;
        this.maxKept = maxKept;
        this.arenas = arenas;
        buffer = own.bytes();
    }

    @Override
    public long offset() {
        return bufferOffset + position;
    }

    /** A recent {@link #offset}, for other threads. */
    long publishedOffset() {
        return published;
    }

    void publishOffset() {
        published = offset();
    }

    /**
     * What follows stands at another place of the file than behind what was read.
     *
     * @param offset of the next byte
     * @param before CRC-64 of all bytes that stand before it
     */
    void goOnAt(long offset, long before) {
        bufferOffset = offset - position;
        checksum = before;
        checksummed = position;
    }

    /** Keeps everything from here on. When that gets too much, reading ends with a {@link TooLongException}. */
    void mark() {
        mark = position;
        limit = reach();
    }

    /** Goes back to the mark, and keeps nothing any more. */
    void rewind() {
        position = mark;
        dropMark();
    }

    private void dropMark() {
        mark = NO_MARK;
        limit = filled;
    }

    /** Ends where too much would be kept, though more bytes may have come already: how many do is chance. */
    private int reach() {
        return mark != NO_MARK && filled - mark > maxKept ? mark + maxKept : filled;
    }

    /** Index of the marked byte in {@link #buffer}. */
    int marked() {
        return mark;
    }

    void unmark() {
        dropMark();
        if (position - checksummed >= CHECKSUM_PIECE) {
            checksumTo(position);
        }
    }

    /** Whether the bytes from the mark on, so many, stand in a large arena and are worth to {@link #giveAway} it. */
    boolean isOutgrownBy(int length) {
        return arena != own && length > BUFFER / 2 && filled - position <= BUFFER;
    }

    /** Gives away the large arena that {@link #buffer} is of, and goes on, without a mark, in the buffer of its own. */
    Arena giveAway() {
        Arena large = arena;
        moveTo(own, position);
        dropMark();
        return large;
    }

    /** Hands everything from here on, once it was gone over, to the tap. Nothing is marked meanwhile. */
    void tap(Tap newTap) {
        tap = newTap;
        tapped = position;
    }

    /** Hands what is left to the tap, and closes it. */
    void untap() throws IOException {
        drain();
        tap = null;
    }

    private void drain() throws IOException {
        int from = tapped;
        tapped = position;
        if (from < position) {
            tap.pass(buffer, from, position - from);
        }
    }

    /** CRC-64 of all bytes up to index {@code end} of {@link #buffer}, which nothing later was asked for. */
    long checksumTo(int end) {
        if (end > checksummed) {
            checksum = Crc64.update(checksum, buffer, checksummed, end - checksummed);
            checksummed = end;
        }
        return checksum;
    }

    /**
     * Reads past the buffer into {@code target}.
     *
     * @return bytes read, at least 1
     * @throws RdbFormatException when the stream has ended
     */
    int read(byte[] target, int offset, int length) throws IOException {
        int buffered = Math.min(limit - position, length);
        if (buffered > 0) {
            System.arraycopy(buffer, position, target, offset, buffered);
            position += buffered;
            publishOffset();
            return buffered;
        }
        checksumTo(position);
        bufferOffset += position;
        position = 0;
        limit = 0;
        filled = 0;
        checksummed = 0;
        int count = in.read(target, offset, length);
        if (count < 0) {
            throw ended();
        }
        checksum = Crc64.update(checksum, target, offset, count);
        bufferOffset += count;
        publishOffset();
        return count;
    }

    @Override
    protected void fill(long needed) throws IOException {
        int count = (int) needed;
        if (mark != NO_MARK && position + count - mark > maxKept) {
            throw new TooLongException();
        }
        if (tap != null && position - tapped >= TAPPED_PIECE) {
            drain();
        }
        compact(tap != null ? tapped : mark == NO_MARK ? position : mark);
        while (filled - position < count) {
            if (filled == arena.end()) {
                grow(count);
            }
            int read = in.read(buffer, filled, Math.min(BUFFER, arena.end() - filled)); // more would leave the cache
            if (read < 0) {
                throw ended();
            }
            filled += read;
        }
        limit = reach();
        publishOffset();
    }

    /** Moves what is kept to the front of the buffer. */
    private void compact(int keep) {
        Arena old = arena;
        if (old != own && filled - keep <= BUFFER) {
            moveTo(own, keep);
            arenas.giveBack(old);
        } else {
            moveTo(old, keep);
        }
    }

    private void moveTo(Arena target, int keep) {
        checksumTo(keep);
        int by = keep - target.start();
        if (by != 0 || target != arena) {
            System.arraycopy(buffer, keep, target.bytes(), target.start(), filled - keep);
        }
        arena = target;
        buffer = target.bytes();
        position -= by;
        limit -= by;
        filled -= by;
        checksummed -= by;
        tapped -= by;
        bufferOffset += by;
        if (mark != NO_MARK) {
            mark = target.start();
        }
    }

    /** Doubles a full buffer: memory follows the bytes that came, never a length that the file merely declares. */
    private void grow(int count) throws IOException {
        int first = arena.start();
        int held = filled - first;
        int needed = position - first + count;
        int doubled = (int) Math.min(held * 2L, Math.max(needed, maxKept));
        int enough = Math.max(doubled, held + 1);
        moveTo(arena == own ? arenas.take(enough) : arenas.exchange(arena, enough), first);
    }

    /** All bytes from here on, past which this object does not go any more. */
    InputStream remainder() {
        publishOffset();
        return new SequenceInputStream(new ByteArrayInputStream(buffer, position, filled - position), in);
    }

    private RdbFormatException ended() {
        return new RdbFormatException(bufferOffset + filled, "the file is cut off: more bytes have to follow");
    }
}
