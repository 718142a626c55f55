package org.redisbackup.index;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** The entries of one sorted part of a file, which others read at the same time. */
final class RunCursor extends EntryCursor {
    private final FileChannel file;
    private final ByteBuffer buffer;
    private long at;
    private final long end;

    /**
     * @param from byte of the first entry
     * @param end byte behind the last one
     * @param buffered entries that are read at once
     */
    RunCursor(FileChannel file, long from, long end, int buffered) {
        this.file = file;
        this.at = from;
        this.end = end;
        buffer = ByteBuffer.allocate(buffered * BYTES).limit(0);
    }

    @Override
    boolean next() throws IOException {
        if (!buffer.hasRemaining() && !fill()) {
            return false;
        }
        high = buffer.getLong();
        low = buffer.getLong();
        value = buffer.getLong();
        place = buffer.getLong();
        return true;
    }

    private boolean fill() throws IOException {
        buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
        while (buffer.hasRemaining()) {
            int read = file.read(buffer, at);
            if (read < 0) {
                throw new EOFException("an index ends at byte " + at + " where " + end + " were expected");
            }
            at += read;
        }
        buffer.flip();
        return buffer.hasRemaining();
    }
}
