package org.redisbackup.redis;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a server's answer stream (RESP2) into replies. Nearly all of them are {@code +OK}, which costs one look.
 *
 * <p>An array is one reply, whatever is in it, unless it was {@link #expectArray expected}.
 */
final class ReplyReader {
    private static final int BUFFER = 64 * 1024;
    private static final int LINE_LIMIT = 1 << 20;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private int lineStart;
    private int lineEnd;
    private boolean arrayExpected;

    ReplyReader(InputStream in) {
        this.in = in;
    }

    /**
     * Waits for the next reply.
     *
     * @throws EOFException when the server closed the connection
     * @throws IOException when the connection breaks, or what came is no reply
     */
    ReplyKind next() throws IOException {
        if (limit - position >= 5
                && buffer[position] == '+'
                && buffer[position + 1] == 'O'
                && buffer[position + 2] == 'K'
                && buffer[position + 3] == '\r') {
            lineStart = position + 1;
            lineEnd = position + 3;
            position += 5;
            return ReplyKind.OK;
        }
        readLine();
        byte type = buffer[lineStart++];
        ReplyKind kind = kind(type);
        arrayExpected = false;
        return kind;
    }

    private ReplyKind kind(byte type) throws IOException {
        return switch (type) {
            case '+', ':' -> ReplyKind.OK;
            case '-' -> ReplyKind.ofError(buffer, lineStart, lineEnd);
            case '$' -> {
                long length = integer();
                if (length < 0) {
                    yield ReplyKind.NULL;
                }
                skip(length + 2);
                yield ReplyKind.OK;
            }
            case '*' -> {
                if (!arrayExpected) {
                    skipElements(integer());
                }
                yield ReplyKind.OK;
            }
            default -> throw new IOException("a reply can't start with byte " + (type & 0xff));
        };
    }

    /** If the next reply is an array, its elements are replies of their own: the answers of a transaction. */
    void expectArray() {
        arrayExpected = true;
    }

    /** An error among them is the answer of a script, or of one of many elements: the command itself succeeded. */
    private void skipElements(long count) throws IOException {
        for (long rest = count; rest > 0; rest--) {
            readLine();
            byte type = buffer[lineStart++];
            if (type == '$' && integer() >= 0) {
                skip(integer() + 2);
            } else if (type == '*') {
                rest += Math.max(0, integer());
            }
        }
    }

    /** The line of the last reply without its type and line end. */
    String text() {
        return new String(buffer, lineStart, lineEnd - lineStart, StandardCharsets.UTF_8);
    }

    /** The number on the line of the last reply. */
    long integer() throws IOException {
        try {
            return Long.parseLong(text());
        } catch (NumberFormatException e) {
            throw new IOException("a number was due in a reply, not " + text(), e);
        }
    }

    private void readLine() throws IOException {
        int scanned = position;
        while (true) {
            for (; scanned < limit; scanned++) {
                if (buffer[scanned] == '\n' && scanned > position + 1) {
                    lineStart = position;
                    lineEnd = scanned - 1;
                    position = scanned + 1;
                    return;
                }
            }
            scanned -= position;
            fill();
            scanned += position;
        }
    }

    private void skip(long count) throws IOException {
        long rest = count;
        while (rest > limit - position) {
            rest -= limit - position;
            position = limit;
            fill();
        }
        position += (int) rest;
    }

    private void fill() throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (limit == buffer.length) {
            if (limit >= LINE_LIMIT) {
                throw new IOException("a reply is longer than " + LINE_LIMIT + " bytes");
            }
            buffer = Arrays.copyOf(buffer, limit * 2);
        }
        int count = in.read(buffer, limit, buffer.length - limit);
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        limit += count;
    }
}
