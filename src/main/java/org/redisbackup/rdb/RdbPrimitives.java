package org.redisbackup.rdb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lengths and strings, the two building blocks of everything in an RDB file. */
public final class RdbPrimitives {
    private static final int INT_8 = 0xC0;
    private static final int INT_16 = 0xC1;
    private static final int INT_32 = 0xC2;
    private static final int LZF = 0xC3;
    private static final int LENGTH_32 = 0x80;
    private static final int LENGTH_64 = 0x81;

    private final ByteWindow in;

    public RdbPrimitives(ByteWindow in) {
        this.in = in;
    }

    /** A 64-bit number in length encoding, of which all bits count (stream ids use them); may come out negative. */
    public long unsigned64() throws IOException {
        int first = in.unsignedByte();
        if (first < 0x40) {
            return first;
        }
        if (first < 0x80) {
            long high = first & 63;
            return high << 8 | in.unsignedByte();
        }
        if (first == LENGTH_32) {
            return in.bigEndian(4);
        }
        if (first == LENGTH_64) {
            return in.bigEndian(8);
        }
        throw new RdbFormatException(
                in.offset() - 1,
                "0x" + Integer.toHexString(first)
                        + (first < INT_8
                                ? " starts no length: 0x80 or 0x81 expected"
                                : " announces an encoded string where a length is expected"));
    }

    /** A count or a number of bytes: 0 to 2^63-1. */
    public long length() throws IOException {
        long length = unsigned64();
        if (length < 0) {
            throw new RdbFormatException(
                    in.offset() - 8, "a length of " + Long.toUnsignedString(length) + " is beyond every file");
        }
        return length;
    }

    void skipString() throws IOException {
        int first = in.peek();
        if (first < INT_8) {
            in.skip(length());
            return;
        }
        in.skip(1);
        switch (first) {
            case INT_8 -> in.skip(1);
            case INT_16 -> in.skip(2);
            case INT_32 -> in.skip(4);
            case LZF -> {
                long compressed = length();
                plainLength(compressed);
                in.skip(compressed);
            }
            default -> throw unknownEncoding(in.offset() - 1, first);
        }
    }

    /**
     * The string in plain form: numbers as decimal text, LZF decompressed.
     *
     * @param max bytes that it may have
     * @param what the string is, for the message when it has more
     */
    public byte[] string(int max, String what) throws IOException {
        int first = in.peek();
        if (first < INT_8) {
            return in.bytes(bounded(length(), max, what));
        }
        in.skip(1);
        return switch (first) {
            case INT_8 -> decimal((byte) in.unsignedByte());
            case INT_16 -> {
                int low = in.unsignedByte();
                yield decimal((short) (low | in.unsignedByte() << 8));
            }
            case INT_32 -> decimal(in.littleEndianInt());
            case LZF -> decompressed(max, what);
            default -> throw unknownEncoding(in.offset() - 1, first);
        };
    }

    private byte[] decompressed(int max, String what) throws IOException {
        int compressed = bounded(length(), max, what);
        byte[] plain = new byte[bounded(plainLength(compressed), max, what)];
        long start = in.offset();
        in.need(compressed);
        if (!Lzf.decompress(in.buffer(), in.position(), compressed, plain, plain.length)) {
            throw new RdbFormatException(
                    start, what + " is not the LZF data of " + plain.length + " bytes that it claims to be");
        }
        in.skip(compressed);
        return plain;
    }

    /** Reads how many bytes LZF data is to give. */
    public long plainLength(long compressed) throws IOException {
        long plain = length();
        if (!Lzf.isPlausible(compressed, plain)) {
            throw new RdbFormatException(
                    in.offset(),
                    compressed + " bytes of LZF data can't hold the " + plain + " bytes that are declared");
        }
        return plain;
    }

    private int bounded(long length, int max, String what) throws RdbFormatException {
        if (length > max) {
            throw new RdbFormatException(
                    in.offset(), what + " of " + length + " bytes is longer than the limit of " + max + " bytes");
        }
        return (int) length;
    }

    static RdbFormatException unknownEncoding(long offset, int first) {
        return new RdbFormatException(
                offset, "0x" + Integer.toHexString(first) + " is no string encoding: 0xc0 to 0xc3 expected");
    }

    private static byte[] decimal(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Bytes of the string that comes next, its header included, without going over it.
     *
     * @return a number that overflows nothing: 0 to 2^63-1
     */
    long peekStringLength() throws IOException {
        int first = in.peek();
        return switch (first) {
            case INT_8 -> 2;
            case INT_16 -> 3;
            case INT_32 -> 5;
            case LZF -> {
                int lengthBytes = lengthBytes(1);
                long compressed = peekLength(1);
                yield saturated(1 + lengthBytes + lengthBytes(1 + lengthBytes), compressed);
            }
            default -> saturated(lengthBytes(0), peekLength(0));
        };
    }

    private static long saturated(long header, long length) {
        return length < 0 || length > Long.MAX_VALUE - header ? Long.MAX_VALUE : header + length;
    }

    private int lengthBytes(int ahead) throws IOException {
        in.need(ahead + 1);
        int first = in.buffer()[in.position() + ahead] & 0xff;
        return first < 0x40 ? 1 : first < 0x80 ? 2 : first == LENGTH_32 ? 5 : first == LENGTH_64 ? 9 : 1;
    }

    private long peekLength(int ahead) throws IOException {
        int bytes = lengthBytes(ahead);
        in.need(ahead + bytes);
        byte[] buffer = in.buffer();
        int at = in.position() + ahead;
        long length = bytes <= 2 ? buffer[at] & 63 : 0;
        for (int i = 1; i < bytes; i++) {
            length = length << 8 | (buffer[at + i] & 0xff);
        }
        return length;
    }
}
