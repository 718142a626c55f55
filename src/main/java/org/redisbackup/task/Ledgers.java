package org.redisbackup.task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.S3Objects;
import org.redisbackup.source.SourceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The ledgers of tasks: all that did not reach the target, in objects of a bucket, for people and for tasks that try it
 * again. A {@link LedgerPlace} says where, a {@link LedgerIndex} of what objects; their lines are {@link LedgerEntry}s.
 *
 * <p>Lines are in memory, and in the file's checkpoint, only until they are worth an object; the thread that reads the
 * file writes it, so that it reads no further meanwhile. An object counts once a checkpoint, or the index, says so: what
 * was written by a service that was killed afterwards is in no index, and its successor writes it anew. A bucket that does
 * not take them costs lines of the ledger, and not the import.
 */
public final class Ledgers {
    private static final Logger LOG = LoggerFactory.getLogger(Ledgers.class);
    private static final String LINES = "application/x-ndjson";
    private static final String JSON = "application/json";
    private static final String NOT_FOUND = "The task ended before its files were found";

    private final S3BackupSource source;
    private final S3Objects objects;
    private final RunningTasks tasks;
    private final TaskStore store;
    private final TaskLogs logs;

    public Ledgers(S3BackupSource source, S3Objects objects, RunningTasks tasks, TaskStore store, TaskLogs logs) {
        this.source = source;
        this.objects = objects;
        this.tasks = tasks;
        this.store = store;
        this.logs = logs;
    }

    /** The files of a run are known: an index that is not complete shows early whether the bucket takes a ledger. */
    void begin(ImportRun run) {
        LedgerPlace place = LedgerPlace.of(run.task());
        if (place != null) {
            writeIndex(run, place, new LedgerIndex(run.task().id(), false, null, retried(run), List.of()));
        }
    }

    /**
     * Writes what is due of a file's ledger.
     *
     * @param all whether few lines are worth an object
     */
    void write(ImportRun run, FileProgress progress, boolean all) {
        LedgerPlace place = LedgerPlace.of(run.task());
        if (place == null) {
            return;
        }
        CheckpointTrack track = progress.track();
        synchronized (progress.ledgerTurn()) { // one object after the other
            FileLedger due = track.dueLedger(all);
            if (due != null) {
                String problem = writeLines(run, place, progress.file(), due);
                track.ledgerWritten(due, run.attempt(), problem);
            }
        }
    }

    /** @return why they could not be written, or null */
    private String writeLines(ImportRun run, LedgerPlace place, BackupFile file, FileLedger ledger) {
        String key = place.object(file.uri(), run.attempt(), ledger.objectsOf(run.attempt()) + 1);
        String content = String.join("\n", ledger.lines()) + "\n";
        String problem = put(place.bucket(), key, LINES, content);
        if (problem != null && ledger.problem() == null) {
            tell(run, problem);
        }
        return problem;
    }

    private String put(String bucket, String key, String type, String content) {
        try {
            objects.put(bucket, key, type, content.getBytes(StandardCharsets.UTF_8));
            return null;
        } catch (SourceException e) {
            return Sentences.of(e);
        } catch (InterruptedIOException e) {
            return "s3://" + bucket + "/" + key + " could not be written: the service was ending";
        }
    }

    private void tell(ImportRun run, String problem) {
        LOG.warn("{}: its ledger is not complete: {}", run, problem);
        try {
            store.saveLedgerProblem(run.task().id(), problem);
        } catch (JedisException e) {
            LOG.warn("{}: the state Redis does not know yet: {}", run, e.getMessage()); // the file's checkpoint does
        }
        logs.write(run.task().id(), TaskEvent.LEDGER_INCOMPLETE, "The ledger is not complete: %s", problem);
    }

    /**
     * Completes the ledger of a run that ends with this result, if it does.
     *
     * @return the same
     */
    public TaskResult end(TaskResult result) {
        tasks.ending(result)
                .filter(run -> run.task().options().ledger() != null && tasks.holdsLease())
                .ifPresent(run -> end(run, result));
        return result;
    }

    private void end(ImportRun run, TaskResult result) {
        LedgerPlace place = LedgerPlace.of(run.task());
        String id = run.task().id();
        tasks.saveFiles(run);
        String error = result.error();
        List<LedgerIndex.File> files = new ArrayList<>();
        for (FileCheckpoint file : store.checkpoints(id)) {
            files.add(ended(run, place, file, result.brokenOff() ? null : error));
        }
        files.stream()
                .map(LedgerIndex.File::problem)
                .filter(problem -> problem != null)
                .findFirst()
                .ifPresent(problem -> store.saveLedgerProblem(id, problem));
        boolean complete = files.stream().allMatch(file -> file.problem() == null);
        String problem = writeIndex(run, place, new LedgerIndex(id, complete, error, retried(run), List.copyOf(files)));
        if (problem == null && complete) {
            logs.write(
                    id,
                    TaskEvent.LEDGER_WRITTEN,
                    "What did not reach the target is in %s",
                    "s3://" + place.bucket() + "/" + place.index());
        }
    }

    /** @param error of the task, or null when it was stopped */
    private LedgerIndex.File ended(ImportRun run, LedgerPlace place, FileCheckpoint file, String error) {
        FileSnapshot end = file.end();
        FileLedger ledger = file.ledger();
        RestoreResult counts = file.result();
        LedgerIndex.Outcome outcome;
        String reason;
        if (end != null) {
            outcome = end.error() == null ? LedgerIndex.Outcome.IMPORTED : LedgerIndex.Outcome.FAILED;
            reason = end.error();
            counts = end.result();
        } else {
            outcome = error == null ? LedgerIndex.Outcome.STOPPED : LedgerIndex.Outcome.FAILED;
            reason = error == null ? FileImport.STOPPED : error;
            List<String> lines = new ArrayList<>(ledger.lines());
            lines.add(LedgerJson.write(LedgerEntry.of(file.file(), outcome, reason)));
            FileLedger last = new FileLedger(ledger.objects(), lines, ledger.problem());
            String problem = writeLines(run, place, file.file(), last);
            ledger = problem == null ? last.written(run.attempt(), lines.size()) : last.lost(lines.size(), problem);
        }
        return new LedgerIndex.File(
                file.file(),
                outcome,
                reason,
                MissingFile.failed(counts),
                counts.unsupported(),
                ledger.objects(place, file.file().uri()),
                ledger.problem());
    }

    private String writeIndex(ImportRun run, LedgerPlace place, LedgerIndex index) {
        String problem = put(place.bucket(), place.index(), JSON, LedgerJson.write(index));
        if (problem != null && store.ledgerProblem(run.task().id()) == null) {
            tell(run, problem);
        }
        return problem;
    }

    private static LedgerPlace retried(ImportRun run) {
        return run.task().backup().retried();
    }

    /**
     * The files of which something did not reach the target, in the versions that were read then.
     *
     * @param retried the ledger of the task that imported them
     * @throws SourceException when it can't be read, is not complete, or has none
     */
    List<BackupFile> files(LedgerPlace retried) throws SourceException {
        LedgerIndex index = index(retried);
        if (index.files().isEmpty()) {
            throw new SourceException(uri(retried, retried.index()) + " names no file to try again: "
                    + (index.complete() ? NOT_FOUND : "the task has not ended, or its ledger could not be written")
                    + "; create a new task with its files");
        }
        List<BackupFile> files = index.files().stream()
                .filter(LedgerIndex.File::lacksSomething)
                .map(LedgerIndex.File::backup)
                .toList();
        if (files.isEmpty()) {
            throw new SourceException(
                    uri(retried, retried.index()) + " names nothing that did not reach the target: all is done");
        }
        return files;
    }

    /**
     * Makes a file that is retried import what did not reach the target before, and nothing else.
     *
     * @throws SourceException when that can't be read, or is not known
     */
    void prepareRetry(ImportRun run, FileProgress progress) throws SourceException {
        LedgerPlace retried = retried(run);
        if (retried != null && progress.retried() == null) {
            progress.retry(retriedKeys(retried, progress.file().uri()));
        }
    }

    /** @return null for a file that is imported as a whole */
    private RetriedKeys retriedKeys(LedgerPlace retried, String uri) throws SourceException {
        LedgerIndex index = index(retried);
        LedgerIndex.File file = index.file(uri)
                .orElseThrow(() -> new SourceException(uri(retried, retried.index()) + " does not name " + uri));
        if (file.outcome() != LedgerIndex.Outcome.IMPORTED) { // that task may have been to retry some keys only, too
            return index.retried() == null ? null : retriedKeys(index.retried(), uri);
        }
        RetriedKeys keys = new RetriedKeys();
        for (String key : (Iterable<String>) file.keys()::iterator) {
            addLines(retried, key, keys);
        }
        if (file.problem() != null || keys.isIncomplete()) {
            throw new SourceException("The keys of " + uri + " to try again are not all known: "
                    + (file.problem() == null ? "there are more than " + KeyPlaces.MAX : file.problem())
                    + "; import the file as a whole");
        }
        return keys;
    }

    private void addLines(LedgerPlace place, String key, RetriedKeys keys) throws SourceException {
        try (BufferedReader lines = open(place, key)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keys.add(LedgerJson.read(line, LedgerEntry.class));
            }
        } catch (SourceException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw notALedger(place, key, e);
        }
    }

    private LedgerIndex index(LedgerPlace place) throws SourceException {
        try (BufferedReader text = open(place, place.index())) {
            return LedgerJson.read(text.readLine(), LedgerIndex.class);
        } catch (SourceException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw notALedger(place, place.index(), e);
        }
    }

    private BufferedReader open(LedgerPlace place, String key) throws IOException {
        BackupFile object = source.find(place.bucket(), key);
        return new BufferedReader(new InputStreamReader(source.open(object, 0, retry -> {}), StandardCharsets.UTF_8));
    }

    private static SourceException notALedger(LedgerPlace place, String key, Exception e) {
        return new SourceException(
                uri(place, key) + " is not what a task wrote there: put the object back, or create a new task", e);
    }

    private static String uri(LedgerPlace place, String key) {
        return "s3://" + place.bucket() + "/" + key;
    }
}
