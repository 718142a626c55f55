package org.redisbackup.rdb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;

/**
 * The bytes of an RDB stream through one buffer, with their position and running checksum: the only class that touches
 * the stream. From {@link #mark} on everything is kept, so that a value can be looked at whole when its end is found.
 */
final class RdbInput extends ByteWindow {
    private static final int BUFFER = 1 << 20;
    /** Checksumming in pieces of this size finds the bytes still in the processor's cache. */
    private static final int CHECKSUM_PIECE = 1 << 15;

    private static final int NO_MARK = -1;

    private final InputStream in;
    private final int maxKept;
    private long bufferOffset; // of buffer[0] in the stream
    private int mark = NO_MARK;
    private boolean markLost;
    private long checksum;
    private int checksummed; // buffer[0, checksummed) is in checksum
    private volatile long published;

    /** @param maxKept bytes that may be kept behind a mark; beyond, the mark is lost and bytes go by */
    RdbInput(InputStream in, int maxKept) {
        this.in = in;
        this.maxKept = maxKept;
        buffer = new byte[BUFFER];
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

    /** Keeps everything from here on. */
    void mark() {
        mark = position;
        markLost = false;
    }

    /** Index of the marked byte in {@link #buffer}. */
    int marked() {
        return mark;
    }

    /** Whether more bytes went by since {@link #mark} than may be kept. */
    boolean isMarkLost() {
        return markLost;
    }

    void unmark() {
        mark = NO_MARK;
        if (position - checksummed >= CHECKSUM_PIECE) {
            checksumTo(position);
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

    /** More than may be kept behind a mark, or 64 bytes, can be had only from where nothing is marked. */
    @Override
    protected void fill(long needed) throws IOException {
        int count = (int) needed;
        if (mark != NO_MARK && position + count - mark > Math.max(maxKept, 64)) {
            mark = NO_MARK;
            markLost = true;
        }
        compact(mark == NO_MARK ? position : mark);
        while (limit - position < count) {
            if (limit == buffer.length) {
                grow(position + count);
            }
            int read = in.read(buffer, limit, Math.min(BUFFER, buffer.length - limit)); // more would leave the cache
            if (read < 0) {
                throw ended();
            }
            limit += read;
        }
        publishOffset();
    }

    /**
     * Moves what is kept to the front of the buffer. One that grew for a large value is kept for the next: together, two
     * of them in turn would be more memory, not less.
     */
    private void compact(int keep) {
        checksumTo(keep);
        int live = limit - keep;
        if (keep > 0) {
            System.arraycopy(buffer, keep, buffer, 0, live);
        }
        position -= keep;
        limit -= keep;
        checksummed -= keep;
        bufferOffset += keep;
        if (mark != NO_MARK) {
            mark = 0;
        }
    }

    /** Doubles a full buffer: memory follows the bytes that came, never a length that the file merely declares. */
    private void grow(int needed) {
        int doubled = (int) Math.min(buffer.length * 2L, Math.max(needed, maxKept));
        buffer = Arrays.copyOf(buffer, Math.max(doubled, buffer.length + 1));
    }

    /** All bytes from here on, past which this object does not go any more. */
    InputStream remainder() {
        publishOffset();
        return new SequenceInputStream(new ByteArrayInputStream(buffer, position, limit - position), in);
    }

    private RdbFormatException ended() {
        return new RdbFormatException(bufferOffset + limit, "the file is cut off: more bytes have to follow");
    }
}
