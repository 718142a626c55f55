package org.redisbackup.analysis;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Printable;
import org.redisbackup.rdb.StreamedValue;
import org.redisbackup.rdb.ValueType;

/**
 * Looks at the keys of a backup without decoding or importing them. Memory depends on the number of databases and of the
 * largest keys that are wanted, not on the number of keys. Not for use by several threads at once: each thread, or each
 * file, has its own, and {@link #plus} puts them together, in any grouping.
 */
public final class BackupAnalysis {
    private static final int THIRDS = 3;

    private final long now;
    private final int largestKeys;
    private final SortedMap<Integer, Map<ValueType, KeyCounts>> counts = new TreeMap<>();
    /** The smallest of the largest first, to be given up for a larger one. */
    private final PriorityQueue<LargeKey> largest = new PriorityQueue<>(LargeKey.LARGEST_FIRST.reversed());

    private final long[] slots = new long[KeySlot.SLOTS];
    private long keysWithTag;
    private long functions;

    /**
     * @param now Unix milliseconds; keys whose time is over by then count as expired
     * @param largestKeys how many to name at most
     */
    public BackupAnalysis(long now, int largestKeys) {
        this.now = now;
        this.largestKeys = largestKeys;
    }

    /**
     * Adds the keys of a batch that are not excluded; a value that is to be streamed is gone over. The batch stays the
     * caller's to release.
     */
    public void add(KeyBatch batch) {
        StreamedValue streamed = batch.streamedValue();
        if (streamed != null) {
            goOver(streamed);
        }
        functions += batch.functions().size();
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.isExcluded(i)) {
                add(batch, i);
            }
        }
    }

    /** Only then its length is known. */
    private static void goOver(StreamedValue value) {
        try (value) {
            if (value.length() == StreamedValue.UNKNOWN) {
                value.transferTo(OutputStream.nullOutputStream());
            }
        } catch (IOException e) {
            // the reader of the batches comes to the same place, and tells
        }
    }

    private void add(KeyBatch batch, int i) {
        long elements = ElementCount.of(batch, i);
        long memory = MemoryEstimate.of(batch, i, elements);
        long expireAt = batch.expireAt(i);
        boolean expires = expireAt != KeyBatch.NO_EXPIRY;
        long bytes = batch.keyLength(i) + Math.max(0, batch.valueLength(i));
        KeyCounts one = new KeyCounts(
                1,
                expires ? 1 : 0,
                expires && expireAt <= now ? 1 : 0,
                bytes,
                Math.max(0, elements),
                elements == ElementCount.UNKNOWN ? 1 : 0,
                memory);
        counts.computeIfAbsent(batch.db(i), db -> new TreeMap<>()).merge(batch.type(i), one, KeyCounts::plus);
        if (batch.db(i) == 0) {
            slots[KeySlot.of(batch.arena(), batch.keyOffset(i), batch.keyLength(i))]++;
            keysWithTag += KeySlot.hasTag(batch.arena(), batch.keyOffset(i), batch.keyLength(i)) ? 1 : 0;
        }
        if (isAmongLargest(bytes)) {
            keep(new LargeKey(
                    batch.dump(),
                    batch.db(i),
                    Printable.of(batch.arena(), batch.keyOffset(i), batch.keyLength(i)),
                    batch.type(i).logicalName(),
                    encoding(batch.type(i)),
                    bytes,
                    elements,
                    memory,
                    batch.offset(i)));
        }
    }

    private boolean isAmongLargest(long bytes) {
        return largest.size() < largestKeys
                || (!largest.isEmpty() && bytes >= largest.peek().bytes());
    }

    private void keep(LargeKey key) {
        largest.add(key);
        if (largest.size() > largestKeys) {
            largest.remove();
        }
    }

    private static String encoding(ValueType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }

    /** What both have seen. Associative; the smaller number of largest keys counts. */
    public BackupAnalysis plus(BackupAnalysis other) {
        BackupAnalysis both = new BackupAnalysis(Math.max(now, other.now), Math.min(largestKeys, other.largestKeys));
        for (BackupAnalysis part : List.of(this, other)) {
            part.counts.forEach((db, types) -> types.forEach((type, keys) ->
                    both.counts.computeIfAbsent(db, key -> new TreeMap<>()).merge(type, keys, KeyCounts::plus)));
            part.largest.forEach(both::keep);
            Arrays.setAll(both.slots, slot -> both.slots[slot] + part.slots[slot]);
            both.keysWithTag += part.keysWithTag;
            both.functions += part.functions;
        }
        return both;
    }

    /** What was seen so far. */
    public BackupReport report() {
        SortedMap<Integer, KeyCounts> databases = new TreeMap<>();
        SortedMap<String, KeyCounts> types = new TreeMap<>();
        SortedMap<String, KeyCounts> encodings = new TreeMap<>();
        counts.forEach((db, ofDatabase) -> ofDatabase.forEach((type, keys) -> {
            databases.merge(db, keys, KeyCounts::plus);
            types.merge(type.logicalName(), keys, KeyCounts::plus);
            encodings.merge(encoding(type), keys, KeyCounts::plus);
        }));
        KeyCounts total = databases.values().stream().reduce(KeyCounts.NONE, KeyCounts::plus);
        return new BackupReport(
                total,
                databases,
                types,
                encodings,
                largest.stream().sorted(LargeKey.LARGEST_FIRST).toList(),
                spread(),
                functions);
    }

    private SlotSpread spread() {
        int used = 0;
        int fullest = -1;
        long most = 0;
        long[] thirds = new long[THIRDS];
        for (int slot = 0; slot < slots.length; slot++) {
            used += slots[slot] > 0 ? 1 : 0;
            thirds[slot * THIRDS / slots.length] += slots[slot];
            if (slots[slot] > most) {
                most = slots[slot];
                fullest = slot;
            }
        }
        List<Long> keysOfThirds = new ArrayList<>();
        Arrays.stream(thirds).forEach(keysOfThirds::add);
        return new SlotSpread(Arrays.stream(slots).sum(), keysWithTag, used, most, fullest, keysOfThirds);
    }
}
