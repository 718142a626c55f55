package org.redisbackup.rdb;

import java.io.IOException;

/**
 * Walks a ziplist: total bytes and place of the last entry (4 each, little endian), number of entries (2, little endian,
 * 65535 when there are more), the entries, then {@code FF}. An entry is the size of the one before it (1 byte below 254,
 * else {@code FE} and 4, little endian), encoding and data.
 */
public final class ZiplistCursor extends BlobCursor {
    private static final int HEADER = 10;
    private static final int END = 0xFF;
    private static final int MANY = 65535;
    private static final int LONG_SIZE = 254;
    /** Size of the entry before, encoding, and the longest number. */
    private static final int LONGEST_HEAD = 5 + 1 + 8;

    private ByteWindow in;
    private long total;
    private long rest;
    private long tail;
    private int declared;
    private long count;
    private long previous; // bytes of the last entry

    @Override
    public void open(ByteWindow window, long bytes) throws IOException {
        in = window;
        if (bytes < HEADER + 1) {
            throw broken("a ziplist of " + bytes + " bytes is too short: at least " + (HEADER + 1) + " expected");
        }
        long stated = in.littleEndianInt() & 0xffffffffL;
        if (stated != bytes) {
            throw broken("a ziplist of " + bytes + " bytes claims to have " + stated);
        }
        tail = in.littleEndianInt() & 0xffffffffL;
        in.need(2);
        declared = Bytes.littleEndianShort(in.buffer, in.position);
        in.position += 2;
        total = bytes;
        rest = bytes - HEADER;
        count = 0;
        previous = 0;
    }

    @Override
    public boolean next() throws IOException {
        if (rest == 0) {
            throw broken("the ziplist ends without its FF");
        }
        in.need(Math.min(rest, LONGEST_HEAD));
        int first = in.buffer[in.position] & 0xff;
        if (first == END) {
            return end();
        }
        count++;
        int sizeBytes = first < LONG_SIZE ? 1 : 5;
        have(sizeBytes + 1);
        long before = first < LONG_SIZE ? first : Bytes.littleEndianInt(in.buffer, in.position + 1) & 0xffffffffL;
        if (before != previous) {
            throw broken(
                    "entry " + count + " of the ziplist follows one of " + previous + " bytes, but says " + before);
        }
        int encoding = in.buffer[in.position + sizeBytes] & 0xff;
        if (encoding < 0xC0) {
            text(sizeBytes, encoding);
        } else {
            number(sizeBytes, encoding);
        }
        return true;
    }

    private void text(int head, int encoding) throws IOException {
        byte[] b = in.buffer;
        int at = in.position + head;
        if (encoding < 0x40) {
            text(head + 1, (long) encoding);
        } else if (encoding < 0x80) {
            have(head + 2);
            text(head + 2, (long) (encoding & 63) << 8 | (b[at + 1] & 0xff));
        } else if (encoding == 0x80) {
            have(head + 5);
            text(head + 5, Integer.reverseBytes(Bytes.littleEndianInt(b, at + 1)) & 0xffffffffL);
        } else {
            throw unknown(encoding);
        }
    }

    private void text(int head, long length) throws IOException {
        take(head + length);
        setText(in.buffer, in.position - (int) length, (int) length);
    }

    private void number(int head, int encoding) throws IOException {
        int size =
                switch (encoding) {
                    case 0xFE -> 1;
                    case 0xC0 -> 2;
                    case 0xF0 -> 3;
                    case 0xD0 -> 4;
                    case 0xE0 -> 8;
                    default -> {
                        if (encoding < 0xF1) {
                            throw unknown(encoding);
                        }
                        yield 0; // F1 to FD: 0 to 12 in the encoding itself
                    }
                };
        have(head + 1 + size);
        byte[] b = in.buffer;
        int at = in.position + head + 1;
        long value =
                switch (size) {
                    case 0 -> (encoding & 15) - 1;
                    case 1 -> b[at];
                    case 2 -> (short) Bytes.littleEndianShort(b, at);
                    case 3 -> Bytes.littleEndianShort(b, at) | b[at + 2] << 16;
                    case 4 -> Bytes.littleEndianInt(b, at);
                    default -> Bytes.littleEndianLong(b, at);
                };
        take(head + 1 + size);
        setNumber(value);
    }

    private void have(int bytes) throws RdbFormatException {
        if (bytes > rest - 1) {
            throw overrun(bytes);
        }
    }

    private void take(long entry) throws IOException {
        if (entry > rest - 1) {
            throw overrun(entry);
        }
        in.need(entry);
        in.position += (int) entry;
        rest -= entry;
        previous = entry;
    }

    private boolean end() throws RdbFormatException {
        if (rest != 1) {
            throw broken("the ziplist ends " + (rest - 1) + " bytes too early");
        }
        if (declared != MANY && declared != count) {
            throw broken("the ziplist has " + count + " entries, but claims to have " + declared);
        }
        long last = total - 1 - previous;
        if (tail != last) {
            throw broken("the last entry of the ziplist is at its byte " + last + ", but it claims " + tail);
        }
        in.position++;
        rest = 0;
        return false;
    }

    private RdbFormatException unknown(int encoding) {
        return broken("0x" + Integer.toHexString(encoding) + " is no encoding of a ziplist entry");
    }

    private RdbFormatException overrun(long bytes) {
        return broken(
                "entry " + count + " of the ziplist takes " + bytes + " bytes, and only " + (rest - 1) + " are left");
    }

    private RdbFormatException broken(String problem) {
        return new RdbFormatException(in.offset(), problem);
    }
}
