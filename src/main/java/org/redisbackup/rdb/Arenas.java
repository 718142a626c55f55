package org.redisbackup.rdb;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The memory of released batches, for batches to come: making it anew costs more than filling it. For use by any thread.
 */
final class Arenas {
    private final int bytes;
    private final boolean reuses;
    private final Queue<byte[]> spare = new ConcurrentLinkedQueue<>();

    /**
     * @param bytes of an arena of normal size
     * @param reuses whether arenas are kept: not when any number of batches may be in flight
     */
    Arenas(int bytes, boolean reuses) {
        this.bytes = bytes;
        this.reuses = reuses;
    }

    byte[] take() {
        byte[] arena = spare.poll();
        return arena == null ? new byte[bytes] : arena;
    }

    /** @param arena that nobody looks at any more; one that grew is not kept */
    void giveBack(byte[] arena) {
        if (reuses && arena.length == bytes) {
            spare.add(arena);
        }
    }
}
