package org.redisbackup.index;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The index of one backup file: a table of entries, 32 bytes each, sorted by the hashes of the keys, and the names of the
 * keys in the order of the file.
 *
 * @param table holds {@link EntryCursor entries}
 * @param names of each record of the file: length of the key in four bytes (-1, and nothing more, for one that is not in
 *     the index), database in four, expiry in eight, the key
 * @param records of the file, in the index or not
 * @param keys in the index
 * @param firstExpiry Unix milliseconds at which the first of them expires; {@link Long#MAX_VALUE} when none does
 */
record IndexPart(Path table, Path names, long records, long keys, long firstExpiry) {
    static final int ABSENT = -1;

    private static final int BUFFERED = 512;
    private static final int NAME_BUFFER = 1 << 16;

    /** The entries of a part while its file is open. */
    record Opened(FileChannel file, EntryCursor cursor) implements Closeable {
        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    Opened open() throws IOException {
        FileChannel file = FileChannel.open(table, StandardOpenOption.READ);
        return new Opened(file, new RunCursor(file, 0, keys * EntryCursor.BYTES, BUFFERED));
    }

    /** Whether its files are as long as they were. */
    boolean isWhole(long namesBytes) throws IOException {
        return Files.isRegularFile(table)
                && Files.size(table) == keys * EntryCursor.BYTES
                && Files.isRegularFile(names)
                && Files.size(names) == namesBytes;
    }

    /** Which keys of a part are meant. */
    @FunctionalInterface
    interface Choice {
        boolean contains(long place, long expireAt);
    }

    void visit(Choice choice, NameVisitor visitor) throws IOException {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(names), NAME_BUFFER))) {
            for (long place = 0; place < records; place++) {
                int length = in.readInt();
                if (length == ABSENT) {
                    continue;
                }
                int db = in.readInt();
                long expireAt = in.readLong();
                if (choice.contains(place, expireAt)) {
                    visitor.visit(db, in.readNBytes(length));
                } else {
                    in.skipNBytes(length);
                }
            }
        }
    }
}
