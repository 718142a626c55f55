package org.redisbackup.index;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Places of keys in a file, from 0: a bit for each, in a file of its own that is mapped into memory, so that the operating
 * system decides how much of it stays there. Holds up to 17,000,000,000 places.
 */
public final class PlaceSet {
    private final MappedByteBuffer bits;
    private long size;

    /** @param places that there may be */
    PlaceSet(Path path, long places) throws IOException {
        try (FileChannel file = FileChannel.open(
                path,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            bits = file.map(FileChannel.MapMode.READ_WRITE, 0, (places + 7) / 8);
        }
    }

    void add(long place) {
        int at = (int) (place >>> 3);
        bits.put(at, (byte) (bits.get(at) | 1 << (place & 7)));
        size++;
    }

    public boolean contains(long place) {
        return (bits.get((int) (place >>> 3)) & 1 << (place & 7)) != 0;
    }

    /** How many there are. */
    public long size() {
        return size;
    }
}
