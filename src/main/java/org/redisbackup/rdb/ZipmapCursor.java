package org.redisbackup.rdb;

import java.io.IOException;

/**
 * Walks a zipmap, fields and values in turn: number of pairs (1 byte, 254 and up when there are more), the pairs, then
 * {@code FF}. A field is its length and bytes; a value is its length, a byte that says how much junk follows it, its
 * bytes and the junk. A length is 1 byte below 254, else {@code FE} and 4 bytes, little endian.
 */
public final class ZipmapCursor extends BlobCursor {
    private static final int MANY = 254;
    private static final int LONG_LENGTH = 254;
    private static final int END = 255;

    private ByteWindow in;
    private long rest;
    private int declared;
    private long strings;

    @Override
    public void open(ByteWindow window, long total) throws IOException {
        in = window;
        if (total < 2) {
            throw broken("a zipmap of " + total + " bytes is too short: at least 2 expected");
        }
        declared = in.unsignedByte();
        rest = total - 1;
        strings = 0;
    }

    @Override
    public boolean next() throws IOException {
        if (rest == 0) {
            throw broken("the zipmap ends without its FF");
        }
        boolean isValue = (strings & 1) == 1;
        int first = in.peek();
        if (first == END) {
            return end(isValue);
        }
        strings++;
        int head = first < LONG_LENGTH ? 1 : 5;
        int freeByte = isValue ? 1 : 0;
        have(head + freeByte);
        in.need(head + freeByte);
        long length = first < LONG_LENGTH ? first : Bytes.littleEndianInt(in.buffer, in.position + 1) & 0xffffffffL;
        int junk = isValue ? in.buffer[in.position + head] & 0xff : 0;
        long whole = head + freeByte + length + junk;
        have(whole);
        in.need(whole);
        setText(in.buffer, in.position + head + freeByte, (int) length);
        in.position += (int) whole;
        rest -= whole;
        return true;
    }

    private boolean end(boolean isValue) throws RdbFormatException {
        if (isValue) {
            throw broken("the last field of the zipmap has no value");
        }
        if (rest != 1) {
            throw broken("the zipmap ends " + (rest - 1) + " bytes too early");
        }
        if (declared < MANY && declared != strings / 2) {
            throw broken("the zipmap has " + strings / 2 + " fields, but claims to have " + declared);
        }
        in.position++;
        rest = 0;
        return false;
    }

    private void have(long bytes) throws RdbFormatException {
        if (bytes > rest - 1) {
            throw broken("string " + strings + " of the zipmap takes " + bytes + " bytes, and only " + (rest - 1)
                    + " are left");
        }
    }

    private RdbFormatException broken(String problem) {
        return new RdbFormatException(in.offset(), problem);
    }
}
