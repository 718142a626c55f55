package org.redisbackup.task;

import java.io.Closeable;
import java.io.IOException;
import java.util.Iterator;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;

/**
 * The batches of a file for a splitter: there is no next one once reading or delivering failed. Camel's splitter asks on
 * after it has stopped on an exception, to release what it believes to be its exchanges; it would go through the rest
 * of the file and wait for ever for batches that nobody delivers.
 *
 * <p>It never throws: the splitter would set the exception on the file's exchange, although another thread, which saw a
 * batch fail, may have sent that on its way. {@link FileProgress#failure} tells what went wrong.
 */
final class BatchesUntilBroken implements Iterator<BackupBatch>, Closeable {
    private final BackupReader<?> reader;
    private final FileProgress progress;

    BatchesUntilBroken(BackupReader<?> reader, FileProgress progress) {
        this.reader = reader;
        this.progress = progress;
    }

    @Override
    public boolean hasNext() {
        return progress.failure() == null && reader.hasNext();
    }

    /** @return null, which the splitter passes over, when there is none after all */
    @Override
    public BackupBatch next() {
        try {
            return reader.next();
        } catch (RuntimeException e) {
            progress.breakOff(e);
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
