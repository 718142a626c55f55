package org.redisbackup.support;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** An RDB file with one value of any size between two strings; without a checksum. */
public final class LargeValue extends GeneratedFile {
    /** Of the value. */
    public static final String KEY = "large";

    private static final int HASH = 4;
    private static final int STRING = 0;
    private static final int FIELDS_AT_ONCE = 1000;
    private static final int BYTES_AT_ONCE = 1 << 16;
    private static final String FIELD_VALUE = "v".repeat(80);
    /** What {@link RdbFile#bytes} ends with: an opcode and no checksum. */
    private static final int END = 9;

    private static final int HEAD = 9;

    private final int type;
    private final long size;
    private long made;
    private boolean begun;
    private boolean ended;

    private LargeValue(int type, long size) {
        this.type = type;
        this.size = size;
    }

    /** A hash with so many fields, of 102 bytes each. */
    public static LargeValue hash(long fields) {
        return new LargeValue(HASH, fields);
    }

    /** A string of so many bytes. */
    public static LargeValue string(long bytes) {
        return new LargeValue(STRING, bytes);
    }

    public static String field(long i) {
        return "field-" + (1_000_000_000_000L + i);
    }

    @Override
    protected byte[] more() {
        if (!begun) {
            begun = true;
            return start();
        }
        if (made < size) {
            return type == HASH ? fields() : characters();
        }
        if (!ended) {
            ended = true;
            byte[] rest = new RdbFile("REDIS0010").string("after", "1").bytes();
            return Arrays.copyOfRange(rest, HEAD, rest.length);
        }
        return null;
    }

    /** Up to the length of the value, in 64 bits. */
    private byte[] start() {
        byte[] start =
                new RdbFile("REDIS0010").string("before", "1").record(type, KEY).bytes();
        return ByteBuffer.allocate(start.length - END + 1 + Long.BYTES)
                .put(start, 0, start.length - END)
                .put((byte) 0x81)
                .putLong(size)
                .array();
    }

    private byte[] fields() {
        ByteArrayOutputStream more = new ByteArrayOutputStream();
        long end = Math.min(size, made + FIELDS_AT_ONCE);
        for (; made < end; made++) {
            text(more, field(made));
            more.write(0x40); // a length of 14 bits
            text(more, FIELD_VALUE);
        }
        return more.toByteArray();
    }

    private byte[] characters() {
        byte[] more = new byte[(int) Math.min(BYTES_AT_ONCE, size - made)];
        Arrays.fill(more, (byte) 'v');
        made += more.length;
        return more;
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
