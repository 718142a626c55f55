package org.redisbackup.analysis;

import java.io.Serializable;

/**
 * What some keys have in common, added up.
 *
 * @param keys their number
 * @param withExpiry how many of them expire at some time, past or future
 * @param expired how many of them expired before the analysis began
 * @param bytes of keys and values as they lie in the backup
 * @param elements of the collections whose number of elements is known without decoding them
 * @param uncounted collections whose number of elements is not
 * @param memory estimated bytes in a server, see {@link MemoryEstimate}
 */
public record KeyCounts(
        long keys, long withExpiry, long expired, long bytes, long elements, long uncounted, long memory)
        implements Serializable {
    static final KeyCounts NONE = new KeyCounts(0, 0, 0, 0, 0, 0, 0);

    /** Both together; associative. */
    public KeyCounts plus(KeyCounts other) {
        return new KeyCounts(
                keys + other.keys,
                withExpiry + other.withExpiry,
                expired + other.expired,
                bytes + other.bytes,
                elements + other.elements,
                uncounted + other.uncounted,
                memory + other.memory);
    }
}
