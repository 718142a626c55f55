package org.redisbackup.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * Finds entries of one part by the hash of their key, in its table, which is mapped into memory. Hashes are spread evenly,
 * so that an entry lies near the place that its hash says; from there on it is a binary search.
 */
final class EntryLookup {
    /** Bytes of a table that can be mapped as a whole. */
    static final long MAX_TABLE = 1L << 30;

    private static final int NEAR = 8;

    private final ByteBuffer table;
    private final int size;
    private final int spread;

    EntryLookup(IndexPart part) throws IOException {
        size = Math.toIntExact(part.keys());
        spread = NEAR * (int) Math.sqrt(size) + 1;
        try (FileChannel file = FileChannel.open(part.table(), StandardOpenOption.READ)) {
            table = file.map(FileChannel.MapMode.READ_ONLY, 0, part.keys() * EntryCursor.BYTES);
        }
    }

    /** The first entry of the key, or -1. */
    int find(long high, long low) {
        long share = (high ^ Long.MIN_VALUE) >>> Integer.SIZE; // of all hashes, those below this one, of 2^32
        int near = (int) ((share * size) >>> Integer.SIZE);
        int from = Math.max(0, near - spread);
        int to = Math.min(size, near + spread);
        if (from > 0 && !isLess(from - 1, high, low)) {
            from = 0;
        }
        if (to < size && isLess(to, high, low)) {
            to = size;
        }
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (isLess(middle, high, low)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return isKey(from, high, low) ? from : -1;
    }

    /** Whether an entry is of the key. */
    boolean isKey(int entry, long high, long low) {
        return entry < size && high(entry) == high && low(entry) == low;
    }

    long value(int entry) {
        return table.getLong(entry * EntryCursor.BYTES + 2 * Long.BYTES);
    }

    private boolean isLess(int entry, long high, long low) {
        long its = high(entry);
        return its == high ? low(entry) < low : its < high;
    }

    private long high(int entry) {
        return table.getLong(entry * EntryCursor.BYTES);
    }

    private long low(int entry) {
        return table.getLong(entry * EntryCursor.BYTES + Long.BYTES);
    }
}
