package org.redisbackup.task;

import java.io.Closeable;
import java.io.IOException;
import org.redisbackup.index.KeyIndex;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.redis.rules.KeyRules;
import org.redisbackup.source.SourceException;

/** Puts the batches of a file into an index, as the task selects their keys. */
final class FileIndexing implements Closeable {
    private final FileProgress progress;
    private final KeyRules rules;
    private final KeyIndex.Part part;

    /** @param part that is made, or null when somebody else adds the batches */
    FileIndexing(ImportRun run, FileProgress progress, KeyIndex.Part part) {
        this.progress = progress;
        rules = run.rules();
        this.part = part;
    }

    /** Adds a batch that is about to be delivered; marks what need not be sent. */
    void add(BackupBatch batch) throws IOException {
        part.add(selected(batch), System.currentTimeMillis());
    }

    /** @throws SourceException when the batch is one of commands */
    KeyBatch selected(BackupBatch batch) throws SourceException {
        if (batch instanceof KeyBatch keys) {
            rules.apply(keys, System.currentTimeMillis());
            return keys;
        }
        throw new SourceException(progress.file().uri()
                + " holds commands of an append-only file, and what they make of the keys can't be compared: import it"
                + " without incremental keys, or import RDB files");
    }

    void finish() throws IOException {
        part.finish();
    }

    long unchanged() {
        return part.unchanged();
    }

    @Override
    public void close() throws IOException {
        part.close();
    }
}
