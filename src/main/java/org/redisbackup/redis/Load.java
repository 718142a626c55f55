package org.redisbackup.redis;

import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.KeyBatch;

/**
 * What a batch asks of a target.
 *
 * @param keys to be sent, or commands
 * @param bytes of keys, values and commands; a streamed value counts as far as its length is known
 */
record Load(long keys, long bytes) {
    /** What a server adds to a key, and a short value takes more than in the file: between 60 and 130 bytes. */
    private static final int MEMORY_PER_KEY = 128;

    /** Values without compression take up to about so many times their bytes in the file. */
    private static final int MEMORY_PER_BYTE = 2;

    static Load of(KeyBatch batch) {
        long keys = 0;
        long bytes = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.isLeftOut(i) && !batch.isOversized(i)) {
                keys++;
                bytes += batch.keyLength(i) + Math.max(0, batch.valueLength(i));
            }
        }
        return new Load(keys, bytes);
    }

    static Load of(CommandBatch batch) {
        long bytes = 0;
        for (int i = 0; i < batch.size(); i++) {
            bytes += batch.isOversized(i) ? 0 : batch.length(i);
        }
        return new Load(batch.size(), bytes);
    }

    /** Bytes that it may well take in the target's memory: rather too many than too few. */
    long memory() {
        return keys * MEMORY_PER_KEY + bytes * MEMORY_PER_BYTE;
    }
}
