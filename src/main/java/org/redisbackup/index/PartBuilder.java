package org.redisbackup.index;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import org.redisbackup.rdb.KeyBatch;

/** Makes the index of one backup file while that is read. */
final class PartBuilder implements Closeable {
    private static final int NAME_BUFFER = 1 << 16;

    private final Path table;
    private final Path names;
    private final EntrySorter sorter;
    private final FileOutputStream file;
    private final DataOutputStream out;
    private long records;
    private long firstExpiry = Long.MAX_VALUE;

    PartBuilder(Path table, Path names, int capacity) throws IOException {
        this.table = table;
        this.names = names;
        sorter = new EntrySorter(table, capacity);
        file = new FileOutputStream(names.toFile());
        out = new DataOutputStream(new BufferedOutputStream(file, NAME_BUFFER));
    }

    /**
     * Adds the keys of a batch that are to be on the target: those that are not excluded, and whose time is not over.
     *
     * @param now Unix milliseconds
     */
    void add(KeyBatch batch, long now) throws IOException {
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
        sorter.add(key[0], key[1], KeyHashes.ofValue(batch, i), records);
        out.writeInt(length);
        out.writeInt(batch.db(i));
        out.writeLong(expireAt);
        out.write(batch.arena(), offset, length);
        if (expireAt != KeyBatch.NO_EXPIRY) {
            firstExpiry = Math.min(firstExpiry, expireAt);
        }
    }

    IndexPart finish() throws IOException {
        out.flush();
        file.getFD().sync();
        long keys = sorter.finish();
        return new IndexPart(table, names, records, keys, firstExpiry);
    }

    @Override
    public void close() throws IOException {
        out.close();
        sorter.close();
    }
}
