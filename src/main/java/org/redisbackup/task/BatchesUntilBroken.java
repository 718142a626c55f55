package org.redisbackup.task;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import org.redisbackup.archive.BackupReader;
import org.redisbackup.rdb.KeyBatch;

/**
 * The batches of a file for a splitter: there is no next one once reading or delivering failed. Camel's splitter asks on
 * after it has stopped on an exception, to release what it believes to be its exchanges; it would go through the rest
 * of the file and wait for ever for batches that nobody delivers.
 */
final class BatchesUntilBroken implements Iterator<KeyBatch>, Closeable {
    private final BackupReader reader;
    private final FileProgress progress;

    BatchesUntilBroken(BackupReader reader, FileProgress progress) {
        this.reader = reader;
        this.progress = progress;
    }

    @Override
    public boolean hasNext() {
        return progress.failure() == null && reader.hasNext();
    }

    /** @throws java.io.UncheckedIOException as {@link BackupReader#next} does, once */
    @Override
    public KeyBatch next() {
        try {
            return reader.next();
        } catch (RuntimeException e) {
            progress.breakOff(e);
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
