package org.redisbackup.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.time.Duration;
import java.util.Iterator;
import org.redisbackup.aof.AofPart;
import org.redisbackup.archive.Backup;
import org.redisbackup.archive.BackupContent;
import org.redisbackup.archive.ContentLimits;
import org.redisbackup.archive.Dump;
import org.redisbackup.archive.SeparateParts;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.rdb.Checkpoint;
import org.redisbackup.rdb.ResumePoint;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.ReadEvents;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.SourceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of importing one file that count: the route has their order. */
public final class FileImport {
    private static final Logger LOG = LoggerFactory.getLogger(FileImport.class);

    /** Between two warnings: every batch is settled in the end, by an answer or by the end of its connection. */
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private static final int LOGGED_KEY_FAILURES = 20;

    static final String STOPPED = "The import was broken off";

    private final S3BackupSource source;
    private final RunningTasks tasks;
    private final TaskLogs logs;
    private final Ledgers ledgers;

    public FileImport(S3BackupSource source, RunningTasks tasks, TaskLogs logs, Ledgers ledgers) {
        this.source = source;
        this.tasks = tasks;
        this.logs = logs;
        this.ledgers = ledgers;
    }

    /** Where this file is counted. */
    public FileProgress progress(ImportRun run, BackupFile file) {
        return run.progress(file);
    }

    /**
     * The file, and the dumps that it holds.
     *
     * @throws SourceException when it can't be read, or the run is broken off
     */
    public Backup open(ImportRun run, FileProgress progress) throws IOException {
        return openAt(run, progress, progress.from().resumePoint());
    }

    /** As {@link #open}, but always from the start: for a file that was imported. */
    public Backup openAgain(ImportRun run, FileProgress progress) throws IOException {
        return openAt(run, progress, ResumePoint.START);
    }

    private Backup openAt(ImportRun run, FileProgress progress, ResumePoint from) throws IOException {
        String id = run.task().id();
        BackupFile file = progress.file();
        ledgers.prepareRetry(run, progress);
        Backup backup = file.parts().isEmpty() ? oneObject(run, file, from) : severalObjects(run, file, from);
        try {
            run.begin(progress); // not before, so that a stop need not wait for the answer of an S3 server
        } catch (SourceException e) {
            backup.close();
            throw e;
        }
        logOpened(id, file, from);
        return backup;
    }

    /**
     * The one dump that the file holds, unpacked.
     *
     * @throws SourceException when it can't be read, is not the only one of the task, or the run is broken off
     */
    public InputStream openWhole(ImportRun run, FileProgress progress) throws IOException {
        if (run.expectedFiles() > 1) {
            throw new SourceException("By replication one file takes the place of everything that the target holds, and"
                    + " the task has " + run.expectedFiles() + ": name one of them");
        }
        Backup backup = open(run, progress);
        progress.looking(backup, backup::bytesRead);
        Dump dump = backup.next();
        if (dump.parts().size() > 1 || dump.isOfArchive()) {
            backup.close();
            throw new SourceException(progress.file().uri()
                    + " holds several files: by replication one RDB file is handed over, which may be compressed");
        }
        return dump.parts().get(0).source().open();
    }

    /** The target has loaded the file. */
    public TaskResult handedOver(ImportRun run, FileProgress progress, RestoreResult result) {
        progress.countBroken(result); // no later run could go on from it
        return ended(run, progress, null);
    }

    private void logOpened(String id, BackupFile file, ResumePoint from) {
        if (from.pieces() == 0) {
            logs.write(id, TaskEvent.FILE_OPENED, "%s: reading %s bytes", file.uri(), file.size());
        } else {
            logs.write(
                    id,
                    TaskEvent.FILE_RESUMED,
                    "%s: going on behind %s keys or commands, %s",
                    file.uri(),
                    from.pieces(),
                    from.place() == null
                            ? "read from the start"
                            : "at byte " + from.place().offset());
        }
    }

    private Backup oneObject(ImportRun run, BackupFile file, ResumePoint from) throws IOException {
        return new BackupContent(
                from,
                read(run, file, from.place()),
                () -> read(run, file, null),
                ContentLimits.STANDARD,
                warning -> logs.write(run.task().id(), TaskEvent.PART_SKIPPED, "%s: %s", file.uri(), warning));
    }

    private Backup severalObjects(ImportRun run, BackupFile file, ResumePoint from) {
        return new SeparateParts(
                from,
                file.key(),
                file.parts().stream()
                        .map(part -> new AofPart(part.name(), () -> read(run, part, null)))
                        .toList());
    }

    /** @param place where it goes on, behind the head that tells what it is; null for the start */
    private InputStream read(ImportRun run, BackupFile file, Checkpoint place) throws IOException {
        ReadEvents events = new ReadEvents() {
            @Override
            public void broke(String what) {
                run.pace().waits(file.uri(), what);
                logs.write(run.task().id(), TaskEvent.SOURCE_RETRIED, "%s", what);
            }

            @Override
            public void goesOn() {
                run.pace().goesOn(file.uri());
            }
        };
        if (place == null) {
            return source.open(file, 0, events);
        }
        byte[] head = place.head();
        PushbackInputStream stream = new PushbackInputStream(source.open(file, place.offset(), events), head.length);
        stream.unread(head);
        return stream;
    }

    /** From now on the reader tells how far the file is; its batches are to be delivered. */
    public Iterator<BackupBatch> reading(ImportRun run, FileProgress progress, BackupReader<?> reader) {
        return progress.reading(reader, run.importOf(progress.file().uri()), () -> ledgers.write(run, progress, false));
    }

    /** The result of a file that ended in an earlier run of the task; null when it did not. */
    public TaskResult endedBefore(ImportRun run, BackupFile file) {
        FileSnapshot end = run.progress(file).tellEnd();
        return end == null ? null : TaskResult.of(run, new FileResult(file.uri(), end));
    }

    /**
     * Counts a batch that was broken off, with the answers that came, and reads no further.
     *
     * @throws Exception always the given one: the file can't go on
     */
    public void broken(FileProgress progress, Exception failure) throws Exception {
        progress.breakOff(failure);
        progress.countBroken(failure instanceof DeliveryException delivery ? delivery.result() : RestoreResult.NONE);
        throw failure;
    }

    /** The file was read to its end and all its keys have their answer. */
    public TaskResult imported(ImportRun run, FileProgress progress) throws InterruptedException {
        if (progress.failure() != null) { // the splitter took the end of reading for the end of the file
            return failed(run, progress, progress.failure());
        }
        if (progress.warning() != null) {
            logs.write(
                    run.task().id(),
                    TaskEvent.FILE_CUT_OFF,
                    "%s: %s",
                    progress.file().uri(),
                    progress.warning());
        }
        return ended(run, progress, null);
    }

    /** Reading or delivering failed: waits for the batches that are still in flight, so that they are counted. */
    public TaskResult failed(ImportRun run, FileProgress progress, Throwable failure) throws InterruptedException {
        while (!progress.awaitSettled(SETTLING) && !tasks.isClosing()) {
            LOG.warn(
                    "{}: {} still waits for the target to answer what was sent",
                    run,
                    progress.file().uri());
        }
        LOG.debug("{}: {} failed", run, progress.file().uri(), failure);
        return ended(run, progress, run.isBrokenOff() ? STOPPED : Sentences.of(progress.file(), failure));
    }

    private TaskResult ended(ImportRun run, FileProgress progress, String error) {
        boolean begun = progress.isInFlight();
        String file = progress.file().uri();
        run.pace().goesOn(file);
        boolean forGood = !run.isBrokenOff();
        if (forGood) {
            progress.track().ending(error);
        }
        ledgers.write(run, progress, forGood);
        FileSnapshot end = progress.end(error, forGood);
        if (begun || forGood) {
            log(run.task().id(), file, end);
        }
        return TaskResult.of(run, new FileResult(file, end));
    }

    private void log(String id, String file, FileSnapshot end) {
        String counts = TaskResult.counts(end.result());
        if (end.error() == null) {
            logs.write(id, TaskEvent.FILE_IMPORTED, "%s: %s", file, counts);
        } else if (end.error().equals(STOPPED)) {
            logs.write(id, TaskEvent.FILE_STOPPED, "%s: stopped at byte %s (%s)", file, end.bytesRead(), counts);
        } else {
            logs.write(id, TaskEvent.FILE_FAILED, "%s (%s)", end.error(), counts);
        }
        end.result().failures().stream()
                .limit(LOGGED_KEY_FAILURES)
                .map(failure -> Sentences.of(file, failure))
                .forEach(line -> logs.write(id, TaskEvent.KEY_FAILED, "%s", line));
    }
}
