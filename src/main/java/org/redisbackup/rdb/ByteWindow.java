package org.redisbackup.rdb;

import java.io.IOException;
import java.util.Arrays;

/**
 * Bytes that are gone over once, forward, through an array that holds those that come next. Where more come from, if
 * any do, is known to the subclass alone; so lengths, strings and packed encodings are read in the same way from a file,
 * from a value in memory and from a value that is streamed or decompressed while it is read.
 */
public abstract class ByteWindow {
    /** The next byte is {@code buffer[position]}; everything from {@code limit} on means nothing. */
    protected byte[] buffer;

    protected int position;
    protected int limit;

    /** Bytes from the start of the file to the next byte, for messages. */
    public abstract long offset();

    /**
     * Makes at least {@code count} bytes available, which are not yet.
     *
     * @throws RdbFormatException when there are fewer, or when so many can't be held at once
     */
    protected abstract void fill(long count) throws IOException;

    /** Makes the next {@code count} bytes available in {@link #buffer}; indexes into it are valid until the next call. */
    public final void need(long count) throws IOException {
        if (limit - position < count) {
            fill(count);
        }
    }

    /** The array that holds the bytes to come. */
    public final byte[] buffer() {
        return buffer;
    }

    /** Index of the next byte in {@link #buffer()}. */
    public final int position() {
        return position;
    }

    /** Bytes that can be had without asking for more. */
    public final int available() {
        return limit - position;
    }

    public final int unsignedByte() throws IOException {
        need(1);
        return buffer[position++] & 0xff;
    }

    /** The next byte, which stays the next byte. */
    public final int peek() throws IOException {
        need(1);
        return buffer[position] & 0xff;
    }

    public final int littleEndianInt() throws IOException {
        need(4);
        int at = position;
        position += 4;
        return Bytes.littleEndianInt(buffer, at);
    }

    public final long littleEndianLong() throws IOException {
        need(8);
        int at = position;
        position += 8;
        return Bytes.littleEndianLong(buffer, at);
    }

    /**
     * A number of up to 8 bytes.
     *
     * @param bytes 1-8
     */
    public final long bigEndian(int bytes) throws IOException {
        need(bytes);
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = value << 8 | (buffer[position++] & 0xff);
        }
        return value;
    }

    /** A copy of the next {@code length} bytes. */
    public final byte[] bytes(int length) throws IOException {
        need(length);
        position += length;
        return Arrays.copyOfRange(buffer, position - length, position);
    }

    /** Goes over {@code count} bytes, which must exist. */
    public final void skip(long count) throws IOException {
        long rest = count;
        while (rest > limit - position) {
            rest -= limit - position;
            position = limit;
            need(1);
        }
        position += (int) rest;
    }
}
