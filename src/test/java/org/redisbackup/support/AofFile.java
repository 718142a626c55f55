package org.redisbackup.support;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Writes small append-only files for tests, command by command. */
public final class AofFile {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** @param words each character of which becomes a byte */
    public AofFile command(String... words) {
        raw("*" + words.length + "\r\n");
        for (String word : words) {
            raw("$" + word.length() + "\r\n" + word + "\r\n");
        }
        return this;
    }

    public AofFile raw(String text) {
        bytes.writeBytes(text.getBytes(ISO_8859_1));
        return this;
    }

    public AofFile raw(byte[] some) {
        bytes.writeBytes(some);
        return this;
    }

    /** Bytes so far. */
    public int size() {
        return bytes.size();
    }

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    /** Without the last bytes. */
    public byte[] bytesWithoutLast(int count) {
        return Arrays.copyOf(bytes.toByteArray(), bytes.size() - count);
    }
}
