package org.redisbackup.rdb.decode;

import java.io.IOException;
import java.util.Arrays;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.ElementTooLongException;
import org.redisbackup.rdb.RdbFormatException;

/**
 * LZF data, decompressed while it is read. Copies reach back {@value #HISTORY} bytes at most, so that much of what was
 * read is kept.
 */
final class LzfWindow extends ByteWindow {
    private static final int HISTORY = 1 << 13;
    private static final int SIZE = 1 << 16;
    /** What one control byte gives at most. */
    private static final int LONGEST_COPY = 264;
    /** Bytes of the longest run with its control byte. */
    private static final int LONGEST_RUN = 33;

    private final ByteWindow source;
    private final int maxHeld;
    private final long start;
    private long compressed; // bytes left
    private long plain; // bytes left to give

    /**
     * @param compressed bytes of LZF data that come next in the source
     * @param plain bytes that they are to give
     * @param maxHeld bytes that may be asked for at once
     */
    LzfWindow(ByteWindow source, long compressed, long plain, int maxHeld) {
        this.source = source;
        this.compressed = compressed;
        this.plain = plain;
        this.maxHeld = maxHeld;
        start = source.offset();
        buffer = new byte[SIZE];
    }

    /** Decompressed bytes have no place of their own in the file: where the LZF data starts. */
    @Override
    public long offset() {
        return start;
    }

    @Override
    protected void fill(long count) throws IOException {
        if (count > maxHeld) {
            throw new ElementTooLongException(start, count, maxHeld);
        }
        forget();
        while (limit - position < count) {
            if (buffer.length - limit < LONGEST_COPY) {
                buffer = Arrays.copyOf(buffer, buffer.length * 2);
            }
            decompress();
        }
    }

    private void forget() {
        int from = Math.max(0, position - HISTORY);
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, limit - from);
            position -= from;
            limit -= from;
        }
    }

    /** One run or copy. */
    private void decompress() throws IOException {
        if (compressed == 0) {
            throw broken("ends before its last byte");
        }
        source.need(Math.min(compressed, LONGEST_RUN));
        byte[] in = source.buffer();
        int at = source.position();
        int control = in[at] & 0xff;
        int taken = control < 32 ? control + 2 : control >> 5 == 7 ? 3 : 2;
        if (taken > compressed) {
            throw broken("ends in the middle of a run");
        }
        int given = control < 32 ? control + 1 : (control >> 5) + 2 + (taken == 3 ? in[at + 1] & 0xff : 0);
        if (given > plain) {
            throw broken("gives more bytes than it claims");
        }
        if (control < 32) {
            System.arraycopy(in, at + 1, buffer, limit, given);
        } else {
            copy(((control & 31) << 8 | (in[at + taken - 1] & 0xff)) + 1, given);
        }
        limit += given;
        plain -= given;
        compressed -= taken;
        source.skip(taken);
    }

    private void copy(int back, int count) throws RdbFormatException {
        if (back > limit) {
            throw broken("refers to bytes before its start");
        }
        for (int i = limit; i < limit + count; i++) { // byte by byte: the copy may overlap what it copies
            buffer[i] = buffer[i - back];
        }
    }

    /** To be called when all was read. */
    void end() throws RdbFormatException {
        if (compressed > 0 || plain > 0 || available() > 0) {
            throw broken("does not end where it should");
        }
    }

    private RdbFormatException broken(String problem) {
        return new RdbFormatException(start, "the LZF data " + problem);
    }
}
