package org.redisbackup.task;

import java.util.Arrays;
import org.redisbackup.redis.KeyFailure;
import org.redisbackup.redis.RestoreResult;

/**
 * Keys of a file, as the places of their records: {@value #MAX} at most, in up to 8 MB. Safe for use by several threads.
 */
final class KeyPlaces {
    static final int MAX = 1_000_000;

    private long[] places = {};
    private int size;
    private boolean sorted = true;
    private boolean incomplete;

    /** Adds the keys that failed. */
    synchronized void add(RestoreResult batch) {
        for (KeyFailure failure : batch.failures()) {
            if (failure.offset() != KeyFailure.NOWHERE) {
                add(failure.dump(), failure.offset());
            }
        }
    }

    /** @param dump as {@link org.redisbackup.rdb.KeyBatch#dump} tells it */
    synchronized void add(String dump, long offset) {
        if (size == MAX) {
            incomplete = true;
            return;
        }
        if (size == places.length) {
            places = Arrays.copyOf(places, Math.min(MAX, Math.max(64, size * 2)));
        }
        places[size++] = place(dump, offset);
        sorted = false;
    }

    /** Of so many keys only some may be known: those that an earlier run of the import named. */
    synchronized void requireAll(long expected) {
        incomplete |= size < expected;
    }

    /** Whether there were more than are known. */
    synchronized boolean isIncomplete() {
        return incomplete;
    }

    synchronized boolean contains(String dump, long offset) {
        if (!sorted) {
            Arrays.sort(places, 0, size);
            sorted = true;
        }
        return Arrays.binarySearch(places, 0, size, place(dump, offset)) >= 0;
    }

    /** Dumps of one backup are told apart by the hashes of their names, beside 40 bits of the offset. */
    private static long place(String dump, long offset) {
        return ((long) (dump == null ? 0 : dump.hashCode()) << 40) ^ offset;
    }
}
