package org.redisbackup.rdb.decode;

import java.io.IOException;
import java.util.Arrays;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbPrimitives;

/**
 * The pending entries of one group: a file has their times and counts in one table and says behind it which consumer
 * owns which. They are held while the group is read, 33 bytes each; a file has at least 25 bytes for one.
 */
final class PendingEntries {
    private static final int FEW = 64;

    private long[] millis = new long[FEW];
    private long[] sequence = new long[FEW];
    private long[] deliveredAt = new long[FEW];
    private long[] deliveries = new long[FEW];
    private boolean[] owned = new boolean[FEW];
    private int size;
    private int unowned;

    /** Reads the table. */
    void read(ByteWindow in, RdbPrimitives primitives) throws IOException {
        long count = primitives.length();
        size = 0;
        unowned = 0;
        for (long i = 0; i < count; i++) {
            if (size == millis.length) {
                grow(in);
            }
            millis[size] = in.bigEndian(8);
            sequence[size] = in.bigEndian(8);
            deliveredAt[size] = in.littleEndianLong();
            deliveries[size] = primitives.unsigned64();
            owned[size] = false;
            if (size > 0 && compare(size - 1, millis[size], sequence[size]) >= 0) {
                throw new RdbFormatException(in.offset(), "the ids of the pending entries don't rise");
            }
            size++;
        }
        unowned = size;
    }

    private void grow(ByteWindow in) throws RdbFormatException {
        if (size > Integer.MAX_VALUE / 4) {
            throw new RdbFormatException(in.offset(), "a group has more than " + size + " pending entries");
        }
        int capacity = size * 2;
        millis = Arrays.copyOf(millis, capacity);
        sequence = Arrays.copyOf(sequence, capacity);
        deliveredAt = Arrays.copyOf(deliveredAt, capacity);
        deliveries = Arrays.copyOf(deliveries, capacity);
        owned = Arrays.copyOf(owned, capacity);
    }

    /** The index of an entry, which has an owner from now on; -1 when it is unknown or has one already. */
    int own(long idMillis, long idSequence) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = compare(middle, idMillis, idSequence);
            if (order == 0) {
                if (owned[middle]) {
                    return -1;
                }
                owned[middle] = true;
                unowned--;
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private int compare(int i, long idMillis, long idSequence) {
        int order = Long.compareUnsigned(millis[i], idMillis);
        return order != 0 ? order : Long.compareUnsigned(sequence[i], idSequence);
    }

    /** Entries that nobody owns. */
    int unowned() {
        return unowned;
    }

    long deliveredAt(int i) {
        return deliveredAt[i];
    }

    long deliveries(int i) {
        return deliveries[i];
    }
}
