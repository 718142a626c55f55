package org.redisbackup.aof;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a command stream through one buffer, with their position.
 *
 * <p>The end of the stream in the middle of something is an {@link EndsEarly}, because it is no error in the last file of
 * a backup.
 */
final class RespInput {
    private static final int BUFFER = 256 * 1024;
    /** Longer than every number with its type and line end. */
    private static final int LINE_LIMIT = 32;

    /** Servers read annotations into a buffer of this size. */
    private static final int ANNOTATION_LIMIT = 1024;

    /** The stream ended where more had to follow. */
    static final class EndsEarly extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private long bufferOffset; // of buffer[0] in the file
    private volatile long published;

    /** @param offset of the first byte in its file */
    RespInput(InputStream in, long offset) {
        this.in = in;
        bufferOffset = offset;
        published = offset;
    }

    /** Of the next byte in the file. */
    long offset() {
        return bufferOffset + position;
    }

    /** A recent {@link #offset}, for other threads. */
    long publishedOffset() {
        return published;
    }

    /** The next byte, which stays the next byte, or -1 at the end of the stream. */
    int peek() throws IOException {
        return position < limit || fill() ? buffer[position] & 0xff : -1;
    }

    private int read() throws IOException {
        int next = peek();
        if (next < 0) {
            throw new EndsEarly();
        }
        position++;
        return next;
    }

    /**
     * The number on a line that starts with its type.
     *
     * @param type {@code *} or {@code $}
     * @param what the number counts, for the message
     * @return 0 to 2^63-1
     */
    long number(char type, String what) throws IOException {
        long start = offset();
        int first = read();
        if (first != type) {
            throw new AofFormatException(
                    start, String.format("byte 0x%02x stands where ", first) + type + " and " + what + " are expected");
        }
        long number = 0;
        int digits = 0;
        for (int next = read(); ; next = read()) {
            if (next == '\r') {
                break;
            }
            boolean digit = next >= '0' && next <= '9';
            if (!digit || ++digits > LINE_LIMIT - 3 || number > (Long.MAX_VALUE - 9) / 10) {
                throw new AofFormatException(start, what + " is no decimal number that ends with CR and LF");
            }
            number = number * 10 + next - '0';
        }
        if (read() != '\n' || digits == 0) {
            throw new AofFormatException(start, what + " is no decimal number that ends with CR and LF");
        }
        return number;
    }

    /** The line end behind a word. */
    void lineEnd() throws IOException {
        long start = offset();
        if (read() != '\r' || read() != '\n') {
            throw new AofFormatException(start, "a word is longer than its declared length: CR and LF were expected");
        }
    }

    /** Goes over a line that is for people; the end of the file may end it too. */
    void skipAnnotation() throws IOException {
        long start = offset();
        while (peek() >= 0) {
            if (read() == '\n') {
                return;
            }
            if (offset() - start > ANNOTATION_LIMIT) {
                throw new AofFormatException(start, "an annotation is longer than " + ANNOTATION_LIMIT + " bytes");
            }
        }
    }

    /**
     * Copies bytes, or goes over them.
     *
     * @param target null to go over them
     */
    void bytes(long count, CommandBatch target) throws IOException {
        long rest = count;
        while (rest > 0) {
            if (position == limit && !fill()) {
                throw new EndsEarly();
            }
            int step = (int) Math.min(rest, limit - position);
            if (target != null) {
                target.append(buffer, position, step);
            }
            position += step;
            rest -= step;
        }
    }

    private boolean fill() throws IOException {
        bufferOffset += limit;
        position = 0;
        limit = 0;
        published = bufferOffset;
        int count = in.read(buffer, 0, buffer.length);
        limit = Math.max(0, count);
        return count > 0;
    }
}
