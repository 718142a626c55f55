package org.redisbackup.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A stream whose beginning can be looked at, and which remembers what became of its reading: that tells data that is cut
 * off from data that is damaged, and a failing network from both.
 */
final class WatchedInput extends InputStream {
    private final InputStream in;
    private byte[] head = new byte[0];
    private int headRead;
    private boolean ended;
    private IOException failure;
    private long count;
    private volatile long published;
    private long most = Long.MAX_VALUE;

    WatchedInput(InputStream in) {
        this.in = in;
    }

    /**
     * The first bytes, which stay to be read: as many as asked for, or all there are. What keeps the next from being read
     * is told when they are asked for. Asked once, at the start.
     */
    byte[] head(int length) {
        byte[] bytes = new byte[length];
        int have = 0;
        try {
            int read = 0;
            while (read >= 0 && have < length) {
                read = in.read(bytes, have, length - have);
                have += Math.max(0, read);
            }
        } catch (IOException e) {
            failure = e;
        }
        count += have;
        published = count;
        head = Arrays.copyOf(bytes, have);
        return head;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (headRead == head.length) {
            return readOn(target, offset, length);
        }
        int read = Math.min(length, head.length - headRead);
        System.arraycopy(head, headRead, target, offset, read);
        headRead += read;
        return read;
    }

    private int readOn(byte[] target, int offset, int length) throws IOException {
        if (count > most) {
            throw new IOException("a header is larger than any should be");
        }
        if (failure != null) {
            throw failure;
        }
        try {
            int read = in.read(target, offset, length);
            if (read < 0) {
                ended = true;
            } else {
                count += read;
                published = count;
            }
            return read;
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /** Lets so many more bytes be read before it fails. */
    void allow(long bytes) {
        most = bytes == Long.MAX_VALUE ? bytes : count + bytes;
    }

    /** Bytes read of the stream, for any thread. */
    long count() {
        return published;
    }

    /** Whether more was asked for than there is. */
    boolean isEnded() {
        return ended;
    }

    /** Why the stream itself could not be read, or null. */
    IOException failure() {
        return failure;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
