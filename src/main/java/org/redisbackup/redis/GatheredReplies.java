package org.redisbackup.redis;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/**
 * Lets replies gather before they are read. A busy server answers ten thousand times a second; if each answer wakes the
 * reader, the server pays for waking it, and on few cores loses its own to it: 4 to 7 % of the time of an import.
 */
final class GatheredReplies extends FilterInputStream {
    private final BooleanSupplier mayGather;
    private final Runnable pause;

    /**
     * @param mayGather whether nobody misses what has been answered
     * @param pause what is done then before a read
     */
    GatheredReplies(InputStream socket, BooleanSupplier mayGather, Runnable pause) {
        super(socket);
        this.mayGather = mayGather;
        this.pause = pause;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (mayGather.getAsBoolean()) {
            pause.run();
        }
        return super.read(bytes, offset, length);
    }
}
