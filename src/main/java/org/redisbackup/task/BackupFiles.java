package org.redisbackup.task;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.BackupListing;
import org.redisbackup.source.SourceException;

/** Finds the files of a task. */
public final class BackupFiles {
    private final BackupListing listing;
    private final RunningTasks tasks;
    private final TaskLogs logs;
    private final Ledgers ledgers;
    private final Consumer<ImportRun> connecting;

    /** @param connecting connects to the target of a run, without waiting for it */
    public BackupFiles(
            BackupListing listing, RunningTasks tasks, TaskLogs logs, Ledgers ledgers, Consumer<ImportRun> connecting) {
        this.listing = listing;
        this.tasks = tasks;
        this.logs = logs;
        this.ledgers = ledgers;
        this.connecting = connecting;
    }

    /**
     * All files that the task names, each once, prefixes expanded, or those of the ledger that it retries. All are looked for before any is imported, so that a
     * name misspelt costs nothing. A task that goes on has the files that were found when it began.
     *
     * @throws SourceException when one is not there or may not be read, or the run can't go on
     */
    public List<BackupFile> find(ImportRun run) throws SourceException {
        run.requireUsable();
        if (run.attempt() > 1) {
            tasks.expelPredecessors(run);
        }
        if (run.task().options().sendsKeys()) {
            connecting.accept(run); // while the bucket is asked
        }
        List<BackupFile> before = run.foundBefore();
        if (!before.isEmpty()) {
            tasks.begin(run);
            return before;
        }
        LedgerPlace retried = run.task().backup().retried();
        List<BackupFile> files = retried == null ? named(run) : ledgers.files(retried);
        run.found(files);
        tasks.saveFiles(run);
        tasks.begin(run);
        logs.write(
                run.task().id(),
                TaskEvent.FILES_FOUND,
                "%s file(s) with %s bytes found",
                files.size(),
                files.stream().mapToLong(BackupFile::size).sum());
        ledgers.begin(run);
        return files;
    }

    private List<BackupFile> named(ImportRun run) throws SourceException {
        ImportTask task = run.task();
        Map<String, BackupFile> found = new LinkedHashMap<>();
        for (RequestedFile requested : task.files()) {
            run.requireUsable();
            List<BackupFile> files = requested.isPrefix()
                    ? listing.list(
                            task.bucket(),
                            requested.name(),
                            warning -> logs.write(task.id(), TaskEvent.PART_SKIPPED, "%s", warning))
                    : List.of(listing.find(task.bucket(), requested.name()));
            files.forEach(file -> found.put(file.key(), file));
        }
        return List.copyOf(found.values());
    }

    /** The one result of a task whose files can't be found. */
    public TaskResult nothingFound(ImportRun run, Throwable failure) {
        String error = Sentences.of(failure);
        if (!run.isBrokenOff()) {
            logs.write(run.task().id(), TaskEvent.FILE_FAILED, "%s", error);
        }
        run.found(List.of()); // the one result is all that will be reported
        return TaskResult.of(run, new FileResult("s3://" + run.task().bucket() + "/", FileSnapshot.failed(error)));
    }
}
