package org.redisbackup.task;

import java.time.Duration;
import java.util.Iterator;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.source.BackupFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of importing one file that count: the route has their order. */
public final class FileImport {
    private static final Logger LOG = LoggerFactory.getLogger(FileImport.class);

    /** Between two warnings: every batch is settled in the end, by an answer or by the end of its connection. */
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private final TaskService tasks;

    public FileImport(TaskService tasks) {
        this.tasks = tasks;
    }

    /** Where this file is counted. */
    public FileProgress progress(ImportRun run, BackupFile file) {
        return run.progress(file);
    }

    /** From now on the reader tells how far the file is; its batches are to be delivered. */
    public Iterator<KeyBatch> reading(FileProgress progress, BatchReader reader) {
        return progress.reading(reader);
    }

    /** Counts a batch whose keys all have their answer. */
    public void settled(FileProgress progress, RestoreResult batch) {
        progress.settle(batch);
    }

    /**
     * Counts a batch that was broken off, with the answers that came, and reads no further.
     *
     * @throws Exception always the given one: the file can't go on
     */
    public void broken(FileProgress progress, Exception failure) throws Exception {
        progress.breakOff(failure);
        progress.settle(failure instanceof DeliveryException delivery ? delivery.result() : RestoreResult.NONE);
        throw failure;
    }

    /** The file was read to its end and all its keys have their answer. */
    public TaskResult imported(ImportRun run, FileProgress progress) throws InterruptedException {
        if (progress.failure() != null) { // the splitter took the end of reading for the end of the file
            return failed(run, progress, progress.failure());
        }
        return tasks.fileImported(run, progress);
    }

    /** Reading or delivering failed: waits for the batches that are still in flight, so that they are counted. */
    public TaskResult failed(ImportRun run, FileProgress progress, Throwable failure) throws InterruptedException {
        while (!progress.awaitSettled(SETTLING) && !tasks.isStopping()) {
            LOG.warn(
                    "{}: {} still waits for the target to answer what was sent",
                    run,
                    progress.file().uri());
        }
        return tasks.fileFailed(run, progress, failure);
    }
}
