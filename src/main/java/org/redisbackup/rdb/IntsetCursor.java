package org.redisbackup.rdb;

import java.io.IOException;

/** Walks an intset: bytes a number (2, 4 or 8) and their count (4 bytes each, little endian), then the numbers, rising. */
public final class IntsetCursor extends BlobCursor {
    private static final int HEADER = 8;

    private ByteWindow in;
    private int width;
    private long left;
    private boolean isFirst;

    @Override
    public void open(ByteWindow window, long total) throws IOException {
        in = window;
        if (total < HEADER) {
            throw broken("an intset of " + total + " bytes is too short: at least " + HEADER + " expected");
        }
        width = in.littleEndianInt();
        if (width != 2 && width != 4 && width != 8) {
            throw broken("an intset of numbers of " + (width & 0xffffffffL) + " bytes: 2, 4 or 8 expected");
        }
        left = in.littleEndianInt() & 0xffffffffL;
        if (HEADER + left * width != total) {
            throw broken("an intset of " + left + " numbers of " + width + " bytes takes " + (HEADER + left * width)
                    + " bytes, but this one has " + total);
        }
        isFirst = true;
    }

    @Override
    public boolean next() throws IOException {
        if (left == 0) {
            return false;
        }
        in.need(width);
        byte[] b = in.buffer;
        int at = in.position;
        long value =
                switch (width) {
                    case 2 -> (short) Bytes.littleEndianShort(b, at);
                    case 4 -> Bytes.littleEndianInt(b, at);
                    default -> Bytes.littleEndianLong(b, at);
                };
        if (!isFirst && value <= number()) {
            throw broken("the numbers of the intset don't rise: " + value + " follows " + number());
        }
        in.position += width;
        isFirst = false;
        left--;
        setNumber(value);
        return true;
    }

    private RdbFormatException broken(String problem) {
        return new RdbFormatException(in.offset(), problem);
    }
}
