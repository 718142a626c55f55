package org.redisbackup.aof;

import java.io.IOException;
import java.io.InputStream;

/** A stream whose first byte was looked at. It may be closed by any thread, as the stream behind it may. */
final class PeekedStream extends InputStream {
    private final InputStream in;
    private final int first;
    private boolean pending;

    PeekedStream(InputStream in) throws IOException {
        this.in = in;
        first = in.read();
        pending = first >= 0;
    }

    /** 0-255, or -1 when the stream is empty. */
    int first() {
        return first;
    }

    @Override
    public int read() throws IOException {
        if (pending) {
            pending = false;
            return first;
        }
        return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (pending && length > 0) {
            pending = false;
            target[offset] = (byte) first;
            return 1;
        }
        return in.read(target, offset, length);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
