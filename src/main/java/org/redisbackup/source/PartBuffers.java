package org.redisbackup.source;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Memory for the parts of objects, used again by the objects read later: made anew for each, megabytes at a time, it has
 * the garbage collector search the whole heap once a file. As much is kept as one object takes. For use by any thread.
 */
final class PartBuffers {
    private final ReadAhead ahead;
    private final Queue<byte[]> spare = new ArrayDeque<>();

    PartBuffers(ReadAhead ahead) {
        this.ahead = ahead;
    }

    ReadAhead ahead() {
        return ahead;
    }

    /** @param length of a part, or less for all of a small object */
    byte[] take(int length) {
        byte[] kept = length == ahead.partBytes() ? poll() : null;
        return kept == null ? new byte[length] : kept;
    }

    private synchronized byte[] poll() {
        return spare.poll();
    }

    /** @param buffer that nobody writes to any more, and whose bytes are of no use to who still looks at them */
    synchronized void giveBack(byte[] buffer) {
        if (buffer.length == ahead.partBytes() && spare.size() < ahead.parts()) {
            spare.add(buffer);
        }
    }
}
