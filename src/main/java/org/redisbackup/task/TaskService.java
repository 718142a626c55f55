package org.redisbackup.task;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.redis.Target;
import org.redisbackup.source.BackupFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/** The life of tasks: created, running with progress that any instance of the service can show, settled. */
public final class TaskService implements AutoCloseable {
    /** Tasks that may wait or run in one instance of the service. */
    public static final int MAX_UNFINISHED = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(TaskService.class);

    /** Much longer than the second between two signs of life, so that a pause of the process costs no task. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    private static final int LOGGED_KEY_FAILURES = 20;
    private static final String STOPPED =
            "The service ended before the import did; keys delivered until then are on the target: create the task again";

    private final TaskStore store;
    private final String owner = UUID.randomUUID().toString();
    private final Map<String, ImportRun> running = new ConcurrentHashMap<>();
    private volatile boolean stopping;

    public TaskService(TaskStore store) {
        this.store = store;
    }

    /**
     * Keeps a task that is to run in this instance.
     *
     * @param instance that the task names
     * @param password to use in place of the registered one, or null; stays in memory
     * @throws TaskLimitException when too many tasks have not finished
     */
    public ImportRun create(ImportTask task, Instance instance, String password) {
        if (running.size() >= MAX_UNFINISHED) {
            throw new TaskLimitException(
                    TaskLimitException.Limit.SERVICE,
                    MAX_UNFINISHED + " tasks are waiting or running; try again when some have finished");
        }
        Target target = instance.target().withPassword(password);
        ImportRun run = new ImportRun(task, target);
        store.renewLease(owner, LEASE);
        running.put(task.id(), run);
        try {
            store.add(task, owner);
        } catch (JedisException e) {
            running.remove(task.id()); // if it was kept all the same, failAbandoned ends it
            throw e;
        }
        log(
                task.id(),
                TaskEvent.CREATED,
                "Import of " + task.files().size() + " file name(s) from bucket " + task.bucket() + " into "
                        + target.address());
        if (task.method().equals("incremental_migration")) {
            log(
                    task.id(),
                    TaskEvent.METHOD_NARROWED,
                    "A backup file has no changes to follow: incremental_migration runs as a full import");
        }
        return run;
    }

    public Optional<TaskState> find(String project, String id) {
        return store.find(id).filter(state -> state.task().project().equals(project));
    }

    /**
     * A page of the project's tasks, newest first.
     *
     * @param name only tasks whose name contains it, whatever the case; null for all
     * @param offset of the first task, 0 and up
     * @param limit tasks at most
     */
    public TaskPage list(String project, String name, int offset, int limit) {
        List<String> ids = store.ids(project, name);
        List<TaskState> tasks = ids.stream()
                .skip(offset)
                .limit(limit)
                .map(store::find)
                .flatMap(Optional::stream)
                .toList();
        return new TaskPage(ids.size(), tasks);
    }

    public Optional<TaskStats> stats(String project, String id) {
        return find(project, id).map(this::stats);
    }

    /** How far the given task is. */
    public TaskStats stats(TaskState state) {
        FileSnapshot all = store.files(state.task().id()).stream().reduce(FileSnapshot.NONE, FileSnapshot::plus);
        Instant end = state.released() == null ? Instant.now() : state.released();
        return new TaskStats(
                state.status(),
                all.bytesRead(),
                all.bytesTotal(),
                all.result(),
                Duration.between(state.task().created(), end));
    }

    /** The task's files are known: from now on their progress is shown. */
    void found(ImportRun run, List<BackupFile> files) {
        run.found(files);
        saveProgress(run);
        long bytes = files.stream().mapToLong(BackupFile::size).sum();
        log(run.task().id(), TaskEvent.FILES_FOUND, files.size() + " file(s) with " + bytes + " bytes found");
    }

    /** A file was read to its end and all its keys have their answer. */
    TaskResult fileImported(ImportRun run, FileProgress progress) {
        return fileEnded(run, progress, null);
    }

    /** A file could not be read to its end, or not be delivered; what was delivered before stays counted. */
    TaskResult fileFailed(ImportRun run, FileProgress progress, Throwable failure) {
        LOG.debug("{}: {} failed", run, progress.file().uri(), failure);
        return fileEnded(run, progress, stopping ? STOPPED : Sentences.of(progress.file(), failure));
    }

    private TaskResult fileEnded(ImportRun run, FileProgress progress, String error) {
        String file = progress.file().uri();
        FileSnapshot end = progress.end(error);
        String counts = TaskResult.counts(end.result());
        if (error == null) {
            log(run.task().id(), TaskEvent.FILE_IMPORTED, file + ": " + counts);
        } else {
            log(run.task().id(), TaskEvent.FILE_FAILED, error + " (" + counts + ")");
        }
        logKeyFailures(run.task().id(), file, end.result());
        return TaskResult.of(run, new FileResult(file, end));
    }

    private void logKeyFailures(String id, String file, RestoreResult result) {
        result.failures().stream()
                .limit(LOGGED_KEY_FAILURES)
                .map(failure -> Sentences.of(file, failure))
                .forEach(line -> log(id, TaskEvent.KEY_FAILED, line));
    }

    /** The task can't even start: its files can't be found. */
    public TaskResult nothingFound(ImportRun run, Throwable failure) {
        String error = Sentences.of(failure);
        log(run.task().id(), TaskEvent.FILE_FAILED, error);
        run.found(List.of()); // the one result is all that will be reported
        return TaskResult.of(run, new FileResult("s3://" + run.task().bucket() + "/", FileSnapshot.failed(error)));
    }

    /**
     * Ends the task: {@link TaskStatus#SUCCESS} when every file was read to its end and no key failed or was
     * unsupported, else {@link TaskStatus#FAILED} with the first cause.
     */
    public TaskState settle(TaskResult result) {
        String id = result.taskId();
        String error = result.error();
        saveEnds(result);
        store.finish(id, error == null ? TaskStatus.SUCCESS : TaskStatus.FAILED, error, now());
        running.remove(id);
        if (error == null) {
            log(id, TaskEvent.SUCCEEDED, "Imported: " + TaskResult.counts(result.total()));
        } else {
            log(id, TaskEvent.FAILED, error);
        }
        return store.find(id).orElseThrow();
    }

    private void saveEnds(TaskResult result) {
        ImportRun run = running.get(result.taskId());
        synchronized (run == null ? result : run) {
            store.saveFiles(result.taskId(), result.ends());
        }
    }

    /** Writes the progress of all files in flight and a sign of life; to be called every second. */
    public void saveProgress() {
        store.renewLease(owner, LEASE);
        running.values().forEach(this::saveProgress);
    }

    private void saveProgress(ImportRun run) {
        synchronized (run) { // what was gathered before the end of a file must not be written after it
            Map<String, FileSnapshot> files = new TreeMap<>();
            run.files().forEach(progress -> files.put(progress.file().uri(), progress.snapshot()));
            store.saveFiles(run.task().id(), files);
            run.forgetEnded();
        }
    }

    /** Fails the tasks that nobody runs any more: their service instance died. */
    public void failAbandoned() {
        store.unfinished().forEach((id, itsOwner) -> {
            if (itsOwner.equals(owner) ? !running.containsKey(id) : !store.isAlive(itsOwner)) {
                abandon(id);
            }
        });
    }

    private void abandon(String id) {
        store.finish(id, TaskStatus.FAILED, STOPPED, now());
        log(id, TaskEvent.FAILED, STOPPED);
        LOG.warn("Task {} failed: {}", id, STOPPED);
    }

    /**
     * Asks for a stop. A task that still runs becomes {@link TaskStatus#TERMINATING}, wherever it runs, and soon
     * {@link TaskStatus#TERMINATED}; any other stays what it is.
     *
     * @return the task as it is then, or empty when the project has no such task
     */
    public Optional<TaskState> stop(String project, String id) {
        return find(project, id);
    }

    /**
     * Waits until a task has finished.
     *
     * @return the task as it is then, finished or not when {@code limit} has passed; empty when the project has no such
     *     task
     */
    public Optional<TaskState> awaitFinished(String project, String id, Duration limit) throws InterruptedException {
        return find(project, id);
    }

    /**
     * Forgets tasks that have finished, with their logs. Ids that the project does not have are ignored.
     *
     * @return false, and nothing is forgotten, when one of them has not finished
     */
    public boolean delete(String project, List<String> ids) {
        return true;
    }

    /**
     * A page of a task's log, oldest line first.
     *
     * @param level only lines of this level; null for all
     * @param offset of the first line, 0 and up
     * @param limit lines at most
     * @return empty when the project has no such task
     */
    public Optional<LogPage> logs(String project, String id, TaskEvent.Level level, int offset, int limit) {
        return Optional.empty();
    }

    /** A log that can't be written must not end an import. */
    private void log(String id, TaskEvent event, String message) {
        try {
            store.log(id, TaskLog.of(event, message));
        } catch (JedisException e) {
            LOG.warn("Task {}: the state Redis did not take \"{}\": {}", id, message, e.getMessage());
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Whether the service is ending. */
    boolean isStopping() {
        return stopping;
    }

    /** Breaks off what is being imported, so that the tasks of this instance end soon. */
    public void stop() {
        stopping = true;
        running.values().stream().flatMap(run -> run.files().stream()).forEach(TaskService::breakOff);
    }

    private static void breakOff(FileProgress progress) {
        try {
            progress.close();
        } catch (IOException e) {
            LOG.debug("{} could not be closed", progress.file().uri(), e);
        }
    }

    /** Fails the tasks that still run here: nobody will go on with them. */
    @Override
    public void close() {
        running.keySet().forEach(this::abandon);
        running.clear();
    }
}
