package org.redisbackup.rdb;

import java.io.IOException;

/**
 * Reads strings in the encoding of the file itself: their length and bytes, or an integer, or LZF data, which is
 * decompressed. There is no end to find: who asks for the next string knows that there is one.
 */
public final class StringCursor extends ElementCursor {
    /** Below, the first byte is the length. */
    private static final int SHORT = 0x40;

    private static final int INT_8 = 0xC0;
    private static final int INT_16 = 0xC1;
    private static final int INT_32 = 0xC2;
    private static final int LZF = 0xC3;
    private static final int SCRATCH = 1 << 12;
    private static final byte[] NOTHING = {};

    private final ByteWindow in;
    private final RdbPrimitives primitives;
    private final int maxLength;
    private long compressed; // bytes of the last LZF data
    private byte[] scratch = NOTHING;

    /** @param maxLength bytes that a string may have that is LZF data; one with more is refused */
    public StringCursor(ByteWindow in, RdbPrimitives primitives, int maxLength) {
        this.in = in;
        this.primitives = primitives;
        this.maxLength = maxLength;
    }

    @Override
    public boolean next() throws IOException {
        int first = in.peek();
        if (first < SHORT) { // most strings
            in.position++;
            text(first);
            return true;
        }
        if (first < INT_8) {
            text(primitives.length());
            return true;
        }
        in.position++;
        switch (first) {
            case INT_8 -> setNumber((byte) in.unsignedByte());
            case INT_16 -> {
                in.need(2);
                setNumber((short) Bytes.littleEndianShort(in.buffer, in.position));
                in.position += 2;
            }
            case INT_32 -> setNumber(in.littleEndianInt());
            case LZF -> compressed();
            default -> throw RdbPrimitives.unknownEncoding(in.offset() - 1, first);
        }
        return true;
    }

    private void text(long length) throws IOException {
        in.need(length);
        setText(in.buffer, in.position, (int) length);
        in.position += (int) length;
    }

    /** Only looks whether the data is sound: often nobody asks for the text. */
    private void compressed() throws IOException {
        compressed = primitives.length();
        long plain = primitives.plainLength(compressed);
        if (plain > maxLength) {
            throw new ElementTooLongException(in.offset(), plain, maxLength);
        }
        in.need(compressed);
        if (!Lzf.isValid(in.buffer, in.position, (int) compressed, plain)) {
            throw new RdbFormatException(
                    in.offset(), "this is not the LZF data of " + plain + " bytes that it claims to be");
        }
        in.position += (int) compressed;
        setTextLater((int) plain);
    }

    @Override
    protected void produceText() {
        int plain = length();
        if (scratch.length < plain) {
            scratch = new byte[(int) Math.min(maxLength, Math.max(Math.max(plain, SCRATCH), scratch.length * 2L))];
        }
        Lzf.decompress(in.buffer, in.position - (int) compressed, (int) compressed, scratch, plain);
        setText(scratch, 0, plain);
    }
}
