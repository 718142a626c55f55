package org.redisbackup.support;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An RDB file with a hash of any number of fields between two strings, made while it is read; without a checksum. */
public final class LargeHash extends InputStream {
    /** Of the hash. */
    public static final String KEY = "large";

    private static final int FIELDS_AT_ONCE = 1000;
    private static final String VALUE = "v".repeat(80);

    private final long fields;
    private byte[] bytes;
    private int position;
    private long made;
    private boolean ended;

    public LargeHash(long fields) {
        this.fields = fields;
        byte[] start =
                new RdbFile("REDIS0010").string("before", "1").record(4, KEY).bytes();
        bytes = ByteBuffer.allocate(start.length) // without the 9 bytes of an end, with a length of 9
                .put(start, 0, start.length - 9)
                .put((byte) 0x81)
                .putLong(fields)
                .array();
    }

    public static String field(long i) {
        return "field-" + (1_000_000_000_000L + i);
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (position == bytes.length && !makeMore()) {
            return -1;
        }
        int count = Math.min(length, bytes.length - position);
        System.arraycopy(bytes, position, target, offset, count);
        position += count;
        return count;
    }

    private boolean makeMore() {
        position = 0;
        if (made < fields) {
            ByteArrayOutputStream more = new ByteArrayOutputStream();
            long end = Math.min(fields, made + FIELDS_AT_ONCE);
            for (; made < end; made++) {
                text(more, field(made));
                more.write(0x40); // a length of 14 bits
                text(more, VALUE);
            }
            bytes = more.toByteArray();
        } else if (!ended) {
            ended = true;
            byte[] rest = new RdbFile("REDIS0010").string("after", "1").bytes();
            bytes = ByteBuffer.allocate(rest.length - 9)
                    .put(rest, 9, rest.length - 9)
                    .array();
        } else {
            return false;
        }
        return true;
    }

    private static void text(ByteArrayOutputStream out, String text) {
        out.write(text.length());
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
