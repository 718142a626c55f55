package org.redisbackup.rdb;

import java.io.IOException;

/**
 * Walks a listpack: total bytes (4, little endian), number of entries (2, little endian, 65535 when there are more),
 * the entries, then {@code FF}. An entry is its encoding and data, then the bytes that these take, in 7-bit groups that
 * are read from the end.
 */
public final class ListpackCursor extends BlobCursor {
    private static final int HEADER = 6;
    private static final int END = 0xFF;
    private static final int MANY = 65535;
    /** The longest encoding of a number, or the header of the longest string. */
    private static final int LONGEST_HEAD = 9;

    private ByteWindow in;
    private long rest;
    private int declared;
    private long count;

    @Override
    public void open(ByteWindow window, long total) throws IOException {
        in = window;
        if (total < HEADER + 1) {
            throw broken("a listpack of " + total + " bytes is too short: at least " + (HEADER + 1) + " expected");
        }
        long stated = in.littleEndianInt() & 0xffffffffL;
        if (stated != total) {
            throw broken("a listpack of " + total + " bytes claims to have " + stated);
        }
        in.need(2);
        declared = Bytes.littleEndianShort(in.buffer, in.position);
        in.position += 2;
        rest = total - HEADER;
        count = 0;
    }

    /** Entries so far. */
    public long count() {
        return count;
    }

    @Override
    public boolean next() throws IOException {
        if (rest == 0) {
            throw broken("the listpack ends without its FF");
        }
        ByteWindow window = in;
        window.need(Math.min(rest, LONGEST_HEAD));
        byte[] b = window.buffer;
        int at = window.position;
        int first = b[at] & 0xff;
        if (first == END) {
            return end();
        }
        count++;
        if (first < 0x80) { // the common cases first: short numbers, short strings
            take(1);
            setNumber(first);
        } else if (first < 0xC0) {
            text(1, first & 63);
        } else {
            longer(first);
        }
        return true;
    }

    private void longer(int first) throws IOException {
        byte[] b = in.buffer;
        int at = in.position;
        if (first < 0xE0) {
            have(2);
            int raw = (first & 31) << 8 | (b[at + 1] & 0xff);
            take(2);
            setNumber(raw < 1 << 12 ? raw : raw - (1 << 13));
        } else if (first < 0xF0) {
            have(2);
            text(2, (first & 15) << 8 | (b[at + 1] & 0xff));
        } else if (first == 0xF0) {
            have(5);
            text(5, Bytes.littleEndianInt(b, at + 1) & 0xffffffffL);
        } else {
            number(first);
        }
    }

    private void number(int first) throws IOException {
        int size =
                switch (first) {
                    case 0xF1 -> 2;
                    case 0xF2 -> 3;
                    case 0xF3 -> 4;
                    case 0xF4 -> 8;
                    default -> throw broken("0x" + Integer.toHexString(first) + " starts no listpack entry");
                };
        have(1 + size);
        byte[] b = in.buffer;
        int at = in.position + 1;
        long value =
                switch (size) {
                    case 2 -> (short) Bytes.littleEndianShort(b, at);
                    case 3 -> Bytes.littleEndianShort(b, at) | b[at + 2] << 16;
                    case 4 -> Bytes.littleEndianInt(b, at);
                    default -> Bytes.littleEndianLong(b, at);
                };
        take(1 + size);
        setNumber(value);
    }

    private void text(int head, long length) throws IOException {
        take(head + length);
        int size = (int) length;
        setText(in.buffer, in.position - backLength(head + length) - size, size);
    }

    /** The bytes must be in the blob, of which the first nine are in the window. */
    private void have(int bytes) throws RdbFormatException {
        if (bytes > rest - 1) {
            throw overrun(bytes);
        }
    }

    /** Goes over an entry and its back length, which is checked. */
    private void take(long entry) throws IOException {
        int back = backLength(entry);
        long whole = entry + back;
        if (whole > rest - 1) {
            throw overrun(whole);
        }
        in.need(whole);
        int end = in.position + (int) whole;
        if (back == 1 ? in.buffer[end - 1] != entry : !isBackLength(entry, back, end)) {
            throw broken("entry " + count + " of the listpack takes " + entry
                    + " bytes, but its back length says something else");
        }
        in.position = end;
        rest -= whole;
    }

    private boolean isBackLength(long entry, int bytes, int end) {
        for (int i = 1; i <= bytes; i++) {
            long expected = entry >> (7 * (i - 1));
            expected = i == bytes ? expected : (expected & 127) | 128;
            // the last byte lies lowest in the number, and all but the first have their top bit set
            if ((in.buffer[end - i] & 0xff) != expected) {
                return false;
            }
        }
        return true;
    }

    private static int backLength(long entry) {
        if (entry <= 127) {
            return 1;
        }
        if (entry < (1 << 14) - 1) {
            return 2;
        }
        if (entry < (1 << 21) - 1) {
            return 3;
        }
        return entry < (1 << 28) - 1 ? 4 : 5;
    }

    private boolean end() throws RdbFormatException {
        if (rest != 1) {
            throw broken("the listpack ends " + (rest - 1) + " bytes too early");
        }
        if (declared != MANY && declared != count) {
            throw broken("the listpack has " + count + " entries, but claims to have " + declared);
        }
        in.position++;
        rest = 0;
        return false;
    }

    private RdbFormatException overrun(long bytes) {
        return broken(
                "entry " + count + " of the listpack takes " + bytes + " bytes, and only " + (rest - 1) + " are left");
    }

    private RdbFormatException broken(String problem) {
        return new RdbFormatException(in.offset(), problem);
    }
}
