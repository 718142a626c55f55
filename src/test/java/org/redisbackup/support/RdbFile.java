package org.redisbackup.support;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes small RDB files for tests, record by record; without a checksum. */
public final class RdbFile {
    private static final int EXPIRES_AT = 252;
    private static final int IDLE = 248;
    private static final int FREQUENCY = 249;
    private static final int FUNCTION = 245;
    private static final int FIELD = 250;
    private static final int DATABASE = 254;
    private static final int END = 255;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /**
     * @param magic such as {@code REDIS0010}
     */
    public RdbFile(String magic) {
        bytes.writeBytes(magic.getBytes(StandardCharsets.US_ASCII));
    }

    public RdbFile db(int db) {
        bytes.write(DATABASE);
        return length(db);
    }

    /** For the next key. */
    public RdbFile expireAt(long millis) {
        bytes.write(EXPIRES_AT);
        bytes.writeBytes(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(millis)
                .array());
        return this;
    }

    /** For the next key. */
    public RdbFile idle(int seconds) {
        bytes.write(IDLE);
        return length(seconds);
    }

    /** For the next key. */
    public RdbFile frequency(int counter) {
        bytes.write(FREQUENCY);
        bytes.write(counter);
        return this;
    }

    public RdbFile string(String key, String value) {
        return string(key, value.getBytes(StandardCharsets.UTF_8));
    }

    public RdbFile string(String key, byte[] value) {
        return record(0, key).text(value);
    }

    /** Numbered keys with small values. */
    public RdbFile strings(String prefix, int count) {
        for (int i = 0; i < count; i++) {
            string(prefix + i, "value of " + i);
        }
        return this;
    }

    /** The start of any record; its value comes next. */
    public RdbFile record(int type, String key) {
        bytes.write(type);
        return text(key.getBytes(StandardCharsets.UTF_8));
    }

    public RdbFile function(String code) {
        bytes.write(FUNCTION);
        return text(code.getBytes(StandardCharsets.UTF_8));
    }

    /** A field of the file itself. */
    public RdbFile field(String name, String value) {
        bytes.write(FIELD);
        return text(name.getBytes(StandardCharsets.UTF_8)).text(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A length-prefixed string. */
    public RdbFile text(byte[] text) {
        length(text.length);
        bytes.writeBytes(text);
        return this;
    }

    public RdbFile raw(byte... raw) {
        bytes.writeBytes(raw);
        return this;
    }

    private RdbFile length(int length) {
        if (length < 64) {
            bytes.write(length);
        } else {
            bytes.write(0x80);
            bytes.writeBytes(ByteBuffer.allocate(4).putInt(length).array());
        }
        return this;
    }

    /** The file, ended. */
    public byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(bytes.toByteArray());
        whole.write(END);
        whole.writeBytes(new byte[8]);
        return whole.toByteArray();
    }

    public InputStream open() {
        return new ByteArrayInputStream(bytes());
    }
}
