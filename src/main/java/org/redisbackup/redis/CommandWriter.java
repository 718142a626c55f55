package org.redisbackup.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.redisbackup.rdb.RestorePayload;

/**
 * Packs commands (RESP2) into large writes: a small write costs a server four times as much per key. Numbers are
 * written digit by digit, so nothing is allocated per command.
 */
final class CommandWriter {
    private static final int BUFFER = 128 * 1024;
    private static final int LONGEST_NUMBER = 20;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int count;

    CommandWriter(OutputStream out) {
        this.out = out;
    }

    /** Starts a command of {@code parts} words, its name among them. */
    void command(int parts) throws IOException {
        number('*', parts);
    }

    /** A whole command of text words. */
    void command(String... words) throws IOException {
        command(words.length);
        for (String word : words) {
            byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
            word(bytes, 0, bytes.length);
        }
    }

    /** One word of a command. */
    void word(byte[] bytes, int offset, int length) throws IOException {
        wordLength(length);
        raw(bytes, offset, length);
        lineEnd();
    }

    /** A number as a word of a command; more than -2^63. */
    void word(long number) throws IOException {
        long absolute = Math.abs(number);
        wordLength(digits(absolute) + (number < 0 ? 1 : 0));
        if (number < 0) {
            raw('-');
        }
        room(LONGEST_NUMBER);
        decimal(absolute);
        lineEnd();
    }

    /** Starts a word whose {@code length} bytes follow by {@link #raw}, and then {@link #lineEnd}. */
    void wordLength(long length) throws IOException {
        number('$', length);
    }

    void lineEnd() throws IOException {
        room(2);
        buffer[count++] = '\r';
        buffer[count++] = '\n';
    }

    /** Bytes as they are; many at once go straight to the socket. */
    void raw(byte[] bytes, int offset, int length) throws IOException {
        if (length <= buffer.length - count) {
            System.arraycopy(bytes, offset, buffer, count, length);
            count += length;
            return;
        }
        flush();
        if (length < buffer.length / 2) {
            System.arraycopy(bytes, offset, buffer, 0, length);
            count = length;
        } else {
            out.write(bytes, offset, length);
        }
    }

    void raw(int oneByte) throws IOException {
        room(1);
        buffer[count++] = (byte) oneByte;
    }

    /** The end of a {@code RESTORE} payload, see {@link RestorePayload#writeFooter}. */
    void payloadFooter(int version, long crc) throws IOException {
        room(RestorePayload.FOOTER);
        RestorePayload.writeFooter(buffer, count, version, crc);
        count += RestorePayload.FOOTER;
    }

    /** Hands everything to the socket. */
    void flush() throws IOException {
        int length = count;
        count = 0;
        if (length > 0) {
            out.write(buffer, 0, length);
        }
    }

    private void number(char type, long number) throws IOException {
        room(1 + LONGEST_NUMBER + 2);
        buffer[count++] = (byte) type;
        decimal(number);
        buffer[count++] = '\r';
        buffer[count++] = '\n';
    }

    private void decimal(long number) {
        int end = count + digits(number);
        long rest = number;
        for (int i = end - 1; i >= count; i--) {
            buffer[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        count = end;
    }

    private static int digits(long number) {
        int digits = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private void room(int bytes) throws IOException {
        if (buffer.length - count < bytes) {
            flush();
        }
    }
}
