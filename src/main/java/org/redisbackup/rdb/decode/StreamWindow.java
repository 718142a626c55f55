package org.redisbackup.rdb.decode;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.ElementTooLongException;
import org.redisbackup.rdb.RdbFormatException;

/** The bytes of a value that is read piece by piece. */
public final class StreamWindow extends ByteWindow {
    private static final int SIZE = 1 << 16;

    private final InputStream in;
    private final int maxHeld;
    private long bufferOffset; // of buffer[0] in the file

    /**
     * @param offset of the value in the file, for messages
     * @param maxHeld bytes that may be asked for at once; memory follows those that came, not those that were asked for
     */
    public StreamWindow(InputStream in, long offset, int maxHeld) {
        this.in = in;
        this.maxHeld = maxHeld;
        bufferOffset = offset;
        buffer = new byte[Math.min(SIZE, Math.max(64, maxHeld))];
    }

    @Override
    public long offset() {
        return bufferOffset + position;
    }

    @Override
    protected void fill(long count) throws IOException {
        if (count > Math.max(maxHeld, 64)) {
            throw new ElementTooLongException(offset(), count, maxHeld);
        }
        System.arraycopy(buffer, position, buffer, 0, limit - position);
        bufferOffset += position;
        limit -= position;
        position = 0;
        while (limit < count) {
            if (limit == buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(count, buffer.length * 2L));
            }
            int read = in.read(buffer, limit, buffer.length - limit);
            if (read < 0) {
                throw new RdbFormatException(bufferOffset + limit, "the value is cut off: more bytes have to follow");
            }
            limit += read;
        }
    }
}
