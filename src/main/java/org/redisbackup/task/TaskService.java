package org.redisbackup.task;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.redisbackup.redis.Secret;
import org.redisbackup.redis.Target;

/** What clients can do with tasks, whichever instance of the service runs them. */
public final class TaskService {
    private static final long POLL_MILLIS = 50;

    private final TaskStore store;
    private final TaskLogs logs;
    private final RunningTasks running;
    private final TaskLimits limits;
    private final PasswordSeal seal;

    public TaskService(TaskStore store, TaskLogs logs, RunningTasks running, TaskLimits limits, PasswordSeal seal) {
        this.store = store;
        this.logs = logs;
        this.running = running;
        this.limits = limits;
        this.seal = seal;
    }

    /**
     * Keeps a task that is to run in this instance.
     *
     * @param instance that the task names
     * @param password to use in place of the registered one, or null
     * @throws TaskLimitException when too many tasks have not finished
     */
    public ImportRun create(ImportTask task, Instance instance, String password) {
        ImportRun run = begin(task, instance, password);
        boolean comparesKeys = task.options().incremental() == Incremental.KEYS;
        if (task.method().equals("incremental_migration") && !comparesKeys) {
            logs.write(
                    task.id(),
                    TaskEvent.METHOD_NARROWED,
                    "A backup file has no changes to follow: incremental_migration runs as a full import,"
                            + " unless import_options has incremental keys");
        }
        return run;
    }

    /**
     * Keeps a task of a schedule that is to run in this instance.
     *
     * @param target that the task names
     * @param leftOut what the task does not import though it could, a sentence for its log each
     * @throws TaskExistsException when there is a task of this id already
     * @throws TaskLimitException when too many tasks have not finished
     */
    public ImportRun createScheduled(ImportTask task, Instance target, List<String> leftOut) {
        ImportRun run = begin(task, target, null);
        leftOut.forEach(sentence -> logs.write(task.id(), TaskEvent.LEFT_OUT, "%s", sentence));
        return run;
    }

    private ImportRun begin(ImportTask task, Instance instance, String password) {
        Secret secret = Secret.of(password);
        Target target = instance.target().withPassword(secret);
        ImportRun run = ImportRun.into(target, task, 1, logs);
        running.add(run, seal.seal(task.id(), secret), limits);
        logs.write(
                task.id(),
                TaskEvent.CREATED,
                "Import of %s file name(s) from bucket %s into %s",
                task.files().size(),
                task.bucket(),
                target.address());
        return run;
    }

    /** Whether as many tasks into the instance as are allowed have not finished. */
    public boolean isFull(Instance instance) {
        return store.unfinishedOf(instance.target().address()) >= limits.perTarget();
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
        return store.page(project, name, offset, limit);
    }

    public Optional<TaskStats> stats(String project, String id) {
        return find(project, id).map(this::stats);
    }

    /** What a dry run found so far, sorted by file; nothing for other tasks. */
    public Optional<List<FileReport>> reports(String project, String id) {
        return find(project, id).map(state -> store.reports(id));
    }

    /**
     * The backup of a task that ended, for another that imports what of it did not reach the target.
     *
     * @throws IllegalArgumentException with a sentence without its full stop when there is none, or no ledger of it
     */
    public TaskState retried(String project, String id) {
        TaskState state =
                find(project, id).orElseThrow(() -> new IllegalArgumentException("retry_of: there is no task " + id));
        String problem = null;
        if (LedgerPlace.of(state.task()) == null) {
            problem = "it kept no ledger, which the option ledger makes it do: import its files again";
        } else if (!state.status().isFinished()) {
            problem = "it has not ended; stop it or wait for its end";
        } else if (state.status() == TaskStatus.SUCCESS) {
            problem = "it succeeded, so that there is nothing to retry";
        }
        if (problem != null) {
            throw new IllegalArgumentException("retry_of: task " + id + " can't be retried: " + problem);
        }
        return state;
    }

    /** The ledger of a task, as far as the state Redis knows. */
    public Optional<LedgerSummary> ledger(String project, String id) {
        return find(project, id).map(state -> LedgerSummary.of(state, store.filesByName(id), store.ledgerProblem(id)));
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
                all.comparison(),
                store.paces().paused(state),
                Duration.between(state.task().created(), end));
    }

    /**
     * Asks for a stop. A task that still runs becomes {@link TaskStatus#TERMINATING}, wherever it runs, and soon
     * {@link TaskStatus#TERMINATED}; any other stays what it is.
     *
     * @return the task as it is then, or empty when the project has no such task
     */
    public Optional<TaskState> stop(String project, String id) {
        if (find(project, id).isEmpty()) {
            return Optional.empty();
        }
        if (store.requestStop(id, Instant.now().truncatedTo(ChronoUnit.MILLIS))) {
            logs.write(id, TaskEvent.STOP_REQUESTED, "A stop was asked for");
            running.stop(id);
        }
        return find(project, id);
    }

    /**
     * Changes the limits of a task, which hold within seconds wherever it runs. A task that does not run stays what it is.
     *
     * @return the task as it is then, or empty when the project has no such task
     */
    public Optional<TaskState> limit(String project, String id, LimitChange change) {
        if (find(project, id).isPresent() && store.paces().limit(id, change)) {
            logs.write(id, TaskEvent.LIMITS_CHANGED, "From now on the target gets %s", change);
        }
        return find(project, id);
    }

    /**
     * Waits until a task has finished.
     *
     * @return the task as it is then, finished or not when {@code limit} has passed; empty when the project has no such
     *     task
     */
    public Optional<TaskState> awaitFinished(String project, String id, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        Optional<TaskState> state = find(project, id);
        while (state.isPresent() && !state.get().status().isFinished() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            state = find(project, id);
        }
        return state;
    }

    /**
     * Forgets tasks that have finished, with their logs. Ids that the project does not have are ignored.
     *
     * @return false, and nothing is forgotten, when one of them has not finished
     */
    public boolean delete(String project, List<String> ids) {
        return store.delete(project, ids);
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
        return find(project, id).map(state -> logs.page(id, level, offset, limit));
    }
}
