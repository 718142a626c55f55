package org.redisbackup.rdb;

import java.io.IOException;

/** A range of an array. One is reused for many ranges. */
public final class ArrayWindow extends ByteWindow {
    private static final long FIXED = Long.MIN_VALUE;

    private long arrayOffset; // of buffer[0] in the file, or FIXED
    private long fixedOffset;

    /**
     * Goes to another range.
     *
     * @param offset of its first byte in the file
     */
    public void over(byte[] bytes, int from, int length, long offset) {
        buffer = bytes;
        position = from;
        limit = from + length;
        arrayOffset = offset - from;
    }

    /**
     * Goes to the start of an array that holds decompressed bytes, which have no place in the file of their own.
     *
     * @param offset of the compressed string in the file
     */
    public void overDecompressed(byte[] bytes, int length, long offset) {
        over(bytes, 0, length, 0);
        arrayOffset = FIXED;
        fixedOffset = offset;
    }

    @Override
    public long offset() {
        return arrayOffset == FIXED ? fixedOffset : arrayOffset + position;
    }

    @Override
    protected void fill(long count) throws IOException {
        throw new RdbFormatException(
                offset(), count + " bytes have to follow, and the value has only " + (limit - position) + " more");
    }
}
