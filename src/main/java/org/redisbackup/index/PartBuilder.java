package org.redisbackup.index;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.redisbackup.rdb.KeyBatch;

/** Makes the index of one backup file while that is read. Used by one thread at a time. */
final class PartBuilder implements KeyIndex.Part {
    private static final int NAME_BUFFER = 1 << 16;

    private final Path table;
    private final Path names;
    private final EntrySorter sorter;
    private final FileOutputStream file;
    private final DataOutputStream out;
    private final KnownKeys known;
    private final boolean readsStreamed;
    private final Consumer<IndexPart> onFinish;
    private long records;
    private long unchanged;
    private long firstExpiry = Long.MAX_VALUE;

    /**
     * @param capacity entries that are sorted in memory
     * @param known keys that are {@link KeyBatch#markUnchanged marked} when they are added, or null
     * @param readsStreamed whether nobody else reads the streamed values
     */
    PartBuilder(IndexPart place, int capacity, KnownKeys known, boolean readsStreamed, Consumer<IndexPart> onFinish)
            throws IOException {
        table = place.table();
        names = place.names();
        this.known = known;
        this.readsStreamed = readsStreamed;
        this.onFinish = onFinish;
        sorter = new EntrySorter(table, capacity);
        file = new FileOutputStream(names.toFile());
        out = new DataOutputStream(new BufferedOutputStream(file, NAME_BUFFER));
    }

    @Override
    public void add(KeyBatch batch, long now) throws IOException {
        for (int i = 0; i < batch.size(); i++) {
            long expireAt = batch.expireAt(i);
            if (batch.isExcluded(i) || (expireAt != KeyBatch.NO_EXPIRY && expireAt <= now)) {
                out.writeInt(IndexPart.ABSENT);
            } else {
                add(batch, i, expireAt);
            }
            records++;
        }
    }

    private void add(KeyBatch batch, int i, long expireAt) throws IOException {
        int offset = batch.keyOffset(i);
        int length = batch.keyLength(i);
        long[] key = KeyHashes.ofKey(batch.db(i), batch.arena(), offset, length);
        long value = KeyHashes.ofValue(batch, i, readsStreamed);
        sorter.add(key[0], key[1], value, records);
        if (known != null && known.contain(key[0], key[1], value)) {
            batch.markUnchanged(i);
            unchanged++;
        }
        out.writeInt(length);
        out.writeInt(batch.db(i));
        out.writeLong(expireAt);
        out.write(batch.arena(), offset, length);
        if (expireAt != KeyBatch.NO_EXPIRY) {
            firstExpiry = Math.min(firstExpiry, expireAt);
        }
    }

    @Override
    public void finish() throws IOException {
        out.flush();
        file.getFD().sync();
        long keys = sorter.finish();
        onFinish.accept(new IndexPart(table, names, records, keys, firstExpiry));
    }

    @Override
    public long unchanged() {
        return unchanged;
    }

    @Override
    public void close() throws IOException {
        out.close();
        sorter.close();
    }
}
