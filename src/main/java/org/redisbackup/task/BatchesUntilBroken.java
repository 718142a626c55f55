package org.redisbackup.task;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.redisbackup.index.PlaceSet;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.rdb.ImportPlace;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.redis.RestoreResult;

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
    private final String importName;
    private final Runnable betweenBatches;
    private long keys; // handed out

    /**
     * @param importName as {@link ImportPlace} takes it
     * @param betweenBatches run before each batch is handed out
     */
    BatchesUntilBroken(BackupReader<?> reader, FileProgress progress, String importName, Runnable betweenBatches) {
        this.reader = reader;
        this.progress = progress;
        this.importName = importName;
        this.betweenBatches = betweenBatches;
    }

    @Override
    public boolean hasNext() {
        return progress.failure() == null && reader.hasNext();
    }

    /** @return null, which the splitter passes over, when there is none after all */
    @Override
    public BackupBatch next() {
        try {
            betweenBatches.run();
            return handOut(reader.next());
        } catch (RuntimeException e) {
            progress.breakOff(e);
            return null;
        }
    }

    private BackupBatch handOut(BackupBatch batch) {
        try {
            markUnchanged(batch);
            long before = progress.track().handOut(batch);
            batch.standsAt(new ImportPlace(importName, before, progress.track().isMaybeSent(before)));
            progress.select(batch);
            return batch;
        } catch (IOException e) {
            throw notHandedOut(batch, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notHandedOut(batch, new InterruptedIOException("interrupted while waiting for a checkpoint"));
        }
    }

    private void markUnchanged(BackupBatch batch) throws IOException {
        FileIndexing indexing = progress.indexing();
        if (indexing != null) {
            indexing.add(batch);
        }
        PlaceSet unchanged = progress.unchanged();
        if (unchanged == null || !(batch instanceof KeyBatch some)) {
            return;
        }
        for (int i = 0; i < some.size(); i++) {
            if (unchanged.contains(keys + i)) {
                some.markUnchanged(i);
            }
        }
        keys += some.size();
    }

    /** The reader counts it already, so it is counted as settled, too. */
    private UncheckedIOException notHandedOut(BackupBatch batch, IOException why) {
        batch.release();
        progress.countBroken(RestoreResult.NONE);
        return new UncheckedIOException(why);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
