package org.redisbackup.redis;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Passes on what is read from it, but only as far as it was {@link #release released}: who looks at the bytes decides
 * how far they are fit to be seen elsewhere. When more is held back than the limit, the oldest bytes go on unseen.
 */
final class HeldBackInputStream extends FilterInputStream {
    private final OutputStream elsewhere;
    private final int limit;
    private byte[] held = new byte[1 << 16];
    private int size;
    private long passedOn;

    /** @param limit bytes that are held back at most, about */
    HeldBackInputStream(InputStream in, OutputStream elsewhere, int limit) {
        super(in);
        this.elsewhere = elsewhere;
        this.limit = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        if (count > 0) {
            if (size + count > held.length) {
                held = Arrays.copyOf(held, Math.max(size + count, Math.min(held.length * 2, limit)));
            }
            System.arraycopy(buffer, offset, held, size, count);
            size += count;
            if (size > limit) {
                passOn(size - limit);
            }
        }
        return count;
    }

    /**
     * Passes on everything up to an offset.
     *
     * @param offset bytes from the start of the stream, at most those read
     */
    void release(long offset) throws IOException {
        if (offset > passedOn) {
            passOn((int) (offset - passedOn));
        }
    }

    private void passOn(int count) throws IOException {
        try {
            elsewhere.write(held, 0, count);
        } catch (IOException e) {
            throw new ElsewhereException(e);
        }
        System.arraycopy(held, count, held, 0, size - count);
        size -= count;
        passedOn += count;
    }

    /** The stream is fine; it is the other side that takes no more. */
    static final class ElsewhereException extends IOException {
        private static final long serialVersionUID = 1L;

        ElsewhereException(IOException cause) {
            super(cause);
        }
    }
}
