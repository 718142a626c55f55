package org.redisbackup.index;

import java.io.IOException;

/** Goes over the entries of an index in the order of their key hashes. Used by one thread. */
abstract class EntryCursor {
    /** Longs of an entry: the hash of the key in two, the hash of the value, the place of the key in its file. */
    static final int WIDTH = 4;

    static final int BYTES = WIDTH * Long.BYTES;

    long high;
    long low;
    long value;
    long place;

    /** Goes to the next entry. */
    abstract boolean next() throws IOException;

    /** Which of the merged ones the entry is of, from 0. */
    int source() {
        return 0;
    }

    final void take(EntryCursor other) {
        high = other.high;
        low = other.low;
        value = other.value;
        place = other.place;
    }

    /** By the hash of the key. */
    static int compare(EntryCursor one, EntryCursor other) {
        int byHigh = Long.compare(one.high, other.high);
        return byHigh != 0 ? byHigh : Long.compare(one.low, other.low);
    }

    final boolean isSameKey(EntryCursor other) {
        return high == other.high && low == other.low;
    }
}
