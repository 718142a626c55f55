package org.redisbackup.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts any number of entries by the hash of their keys in bounded memory: what fits into the buffer is sorted there and
 * written as a run; at the end the runs are merged, {@value #FAN_IN} at a time.
 */
final class EntrySorter implements Closeable {
    /** Runs that are merged at once: their buffers take {@code FAN_IN * MERGE_BUFFER} entries of 32 bytes, 4 MB. */
    static final int FAN_IN = 512;

    private static final int MERGE_BUFFER = 256;
    private static final int WRITE_BUFFER = 2048;

    /** A number for each entry of the buffer has to fit beside the first bits of a hash. */
    private static final int SLOT_BITS = 24;

    private static final long SLOT = (1L << SLOT_BITS) - 1;

    private record Run(long from, long end) {}

    private final Path table;
    private final int capacity;
    private final int fanIn;
    private final long[] entries;
    private final long[] order;
    private final ByteBuffer out = ByteBuffer.allocate(WRITE_BUFFER * EntryCursor.BYTES);
    private int size;
    private long total;
    private FileChannel file;
    private int files;
    private List<Run> runs = new ArrayList<>();
    private long runStart;
    private long written;

    /**
     * @param table where the sorted entries end up; beside it are files that go when they are merged
     * @param capacity entries of a run, up to 2^24; each takes 40 bytes of memory
     */
    EntrySorter(Path table, int capacity) throws IOException {
        this(table, capacity, FAN_IN);
    }

    EntrySorter(Path table, int capacity, int fanIn) throws IOException {
        if (capacity < 1 || capacity > SLOT) {
            throw new IllegalArgumentException("a run has 1 to " + SLOT + " entries, not " + capacity);
        }
        this.table = table;
        this.capacity = capacity;
        this.fanIn = fanIn;
        entries = new long[capacity * EntryCursor.WIDTH];
        order = new long[capacity];
        file = open();
    }

    void add(long high, long low, long value, long place) throws IOException {
        if (size == capacity) {
            flush();
        }
        int at = size * EntryCursor.WIDTH;
        entries[at] = high;
        entries[at + 1] = low;
        entries[at + 2] = value;
        entries[at + 3] = place;
        order[size] = (high & ~SLOT) | size;
        size++;
        total++;
    }

    /** Writes the table, and makes sure that it is on the disk. */
    long finish() throws IOException {
        flush();
        while (runs.size() > 1) {
            merge();
        }
        file.force(true);
        file.close();
        Files.move(path(files), table);
        return total;
    }

    private Path path(int number) {
        return table.resolveSibling(table.getFileName() + "." + number);
    }

    private FileChannel open() throws IOException {
        files++;
        return FileChannel.open(
                path(files), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private void flush() throws IOException {
        Arrays.sort(order, 0, size);
        orderFully();
        for (int i = 0; i < size; i++) {
            int at = slot(i);
            write(entries[at], entries[at + 1], entries[at + 2], entries[at + 3]);
        }
        size = 0;
        endRun();
    }

    /** The order was that of the first 40 bits, so hardly any two are not in place yet. */
    private void orderFully() {
        for (int i = 1; i < size; i++) {
            for (int j = i; j > 0 && isLess(slot(j), slot(j - 1)); j--) {
                long moved = order[j];
                order[j] = order[j - 1];
                order[j - 1] = moved;
            }
        }
    }

    private int slot(int i) {
        return (int) (order[i] & SLOT) * EntryCursor.WIDTH;
    }

    private boolean isLess(int one, int other) {
        return entries[one] == entries[other] ? entries[one + 1] < entries[other + 1] : entries[one] < entries[other];
    }

    private void merge() throws IOException {
        FileChannel before = file;
        Path merged = path(files);
        List<Run> old = runs;
        runs = new ArrayList<>();
        file = open();
        runStart = 0;
        written = 0;
        try (before) {
            for (int first = 0; first < old.size(); first += fanIn) {
                EntryCursor cursor = new MergedCursor(old.subList(first, Math.min(old.size(), first + fanIn)).stream()
                        .map(run -> new RunCursor(before, run.from(), run.end(), MERGE_BUFFER))
                        .toList());
                while (cursor.next()) {
                    write(cursor.high, cursor.low, cursor.value, cursor.place);
                }
                endRun();
            }
        }
        Files.delete(merged);
    }

    private void write(long high, long low, long value, long place) throws IOException {
        if (!out.hasRemaining()) {
            drain();
        }
        out.putLong(high).putLong(low).putLong(value).putLong(place);
    }

    private void drain() throws IOException {
        out.flip();
        written += out.remaining();
        while (out.hasRemaining()) {
            file.write(out);
        }
        out.clear();
    }

    private void endRun() throws IOException {
        drain();
        if (written > runStart) {
            runs.add(new Run(runStart, written));
            runStart = written;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
