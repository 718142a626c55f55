package org.redisbackup.task;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.Predecessors;
import org.redisbackup.redis.ReplayMark;
import org.redisbackup.redis.RestoreResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The tasks that this instance of the service runs, from their creation or takeover until they are settled. The state
 * Redis knows them as this instance's own as long as it gives a sign of life.
 */
public final class RunningTasks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunningTasks.class);

    /** Much longer than the second between two signs of life, so that a pause of the process costs no task. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    /** This instance takes its lease for over earlier than others do, whatever becomes of its clock and its requests. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(3);

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 20;
    private static final int TARGET_TIMEOUT_MILLIS = 5000;

    /** A task that ended the service so often, without getting any further, would end it again. */
    private static final int MAX_ATTEMPTS_IN_VAIN = 3;

    private final String owner = UUID.randomUUID().toString();
    private final Map<String, ImportRun> running = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final TaskStore store;
    private final TaskLogs logs;
    private final Targets targets;
    private final Consumer<String> deliveries;
    private volatile long leaseEnds = System.nanoTime();
    private volatile boolean closing;
    private final ReadWriteLock handBack = new ReentrantReadWriteLock();
    private boolean handedBack; // the lease; the lock guards it

    /** @param deliveries breaks off what is being delivered for a {@link ImportRun#session session} */
    public RunningTasks(TaskStore store, TaskLogs logs, Targets targets, Consumer<String> deliveries) {
        this.store = store;
        this.logs = logs;
        this.targets = targets;
        this.deliveries = deliveries;
    }

    /**
     * Keeps a new task, on behalf of this instance.
     *
     * @param password as {@link TaskStore#add} takes it
     * @throws TaskExistsException when there is a task of this id already
     * @throws TaskLimitException when too many tasks have not finished
     */
    void add(ImportRun run, String password, TaskLimits limits) {
        String address = run.target().address();
        if (waiting.get() >= limits.all()) { // stopped tasks wait for their turn to be thrown away
            throw limits.exceeded(TaskLimitException.Limit.SERVICE, run.task(), address);
        }
        String id = run.task().id();
        whileHeld(() -> store.renewLease(owner, LEASE, List.of()));
        running.put(id, run); // before it is kept, else it would pass for one that this instance has forgotten
        try {
            store.add(run.task(), address, owner, password, limits);
        } catch (TaskExistsException | TaskLimitException | JedisException e) {
            running.remove(id);
            throw e;
        }
        waiting.incrementAndGet();
    }

    /** A task that waited in the queue has its turn. */
    public void turnCame() {
        waiting.decrementAndGet();
    }

    /**
     * Before a task goes on, the connections of the instance that ran it before are ended: if it is only paused, it must
     * not write when it wakes up. It looks at its lease itself, but between looking and writing it may sleep.
     */
    void expelPredecessors(ImportRun run) {
        String id = run.task().id();
        try {
            Predecessors.expel(run.target(), run::isPredecessor, TARGET_TIMEOUT_MILLIS);
        } catch (DeliveryException e) {
            logs.write(
                    id,
                    TaskEvent.NOT_FENCED,
                    "Connections of the service that ran the import before could not be ended: %s",
                    e.getMessage());
        }
    }

    /** Its files are known: if the service ends without getting any further with them, that was in vain. */
    void begin(ImportRun run) {
        store.begin(run.task().id());
        dropIndex(run);
    }

    /** An import that keeps no index of keys ends that of another: at its beginning and, if another began since, its end. */
    private void dropIndex(ImportRun run) {
        ImportOptions options = run.task().options();
        if (!options.dryRun() && options.incremental() != Incremental.KEYS) {
            store.indexes().drop(run.target().address());
        }
    }

    /** Breaks the task off if it runs here; {@link #brokenOff} ends it when that has come to rest. */
    void stop(String id) {
        ImportRun run = running.get(id);
        if (run != null) {
            breakOff(run);
        }
    }

    private void breakOff(ImportRun run) {
        run.breakOff();
        deliveries.accept(run.session());
    }

    /**
     * Breaks off the tasks that are to be stopped, whichever instance was asked; to be called several times a second.
     *
     * @return a result for each that has come to rest
     */
    public List<TaskResult> brokenOff() {
        Set<String> stopping = running.isEmpty() ? Set.of() : store.stopping();
        List<ImportRun> runs = stopping.stream()
                .flatMap(id -> Stream.ofNullable(running.get(id)))
                .toList();
        runs.forEach(this::breakOff);
        return runs.stream()
                .filter(ImportRun::isQuiet)
                .map(TaskResult::brokenOff)
                .toList();
    }

    /**
     * Ends the task: {@link TaskStatus#SUCCESS} when every file was read to its end and no key failed or was
     * unsupported, {@link TaskStatus#TERMINATED} when it was to be stopped, else {@link TaskStatus#FAILED} with the first
     * cause.
     *
     * @return the task as it ended; null when it has not: it runs here no more, has files that have not come to rest, or
     *     goes on in another instance
     */
    public TaskState settle(TaskResult result) {
        ImportRun run = ending(result).orElse(null);
        if (run == null) {
            return null;
        }
        String id = result.taskId();
        String error = result.error();
        String incomplete = run.task().options().ledger() == null ? null : store.ledgerProblem(id);
        error = error == null || incomplete == null ? error : error + "; its ledger is not complete: " + incomplete;
        saveEnds(run, result);
        if (saveFiles(run)) { // who would go on knows that nothing is left to replay
            forgetReplays(run, result);
        }
        if (run.target() != null && result.total().keys() > 0) {
            dropIndex(run);
        }
        Instant when = now();
        TaskStatus end = store.finish(
                        id,
                        owner,
                        error == null ? TaskStatus.SUCCESS : TaskStatus.FAILED,
                        lastLine(run, result),
                        error,
                        when)
                .orElse(null);
        running.remove(id);
        deliveries.accept(run.session()); // nothing is in flight: its connection is of no more use
        if (end == null) {
            return null;
        }
        return new TaskState(run.task(), end, when, when, end == TaskStatus.FAILED ? error : null);
    }

    /** The run that ends with this result, if it does: it may go on elsewhere. */
    Optional<ImportRun> ending(TaskResult result) {
        return Optional.ofNullable(running.get(result.taskId()))
                .filter(run -> run.attempt() == result.attempt())
                .filter(run -> !result.brokenOff() || (!closing && run.isQuiet()));
    }

    private static void forgetReplays(ImportRun run, TaskResult result) {
        List<String> replays = result.files().values().stream()
                .filter(file -> hasCommands(file.end().result()))
                .map(file -> run.importOf(file.file()))
                .toList();
        ReplayMark.delete(run.target(), replays, TARGET_TIMEOUT_MILLIS);
    }

    private static boolean hasCommands(RestoreResult result) {
        return result.commands() + result.failedCommands() > 0;
    }

    private void saveEnds(ImportRun run, TaskResult result) {
        synchronized (run) {
            store.saveFiles(result.taskId(), owner, result.ends(), List.of(), false);
        }
    }

    private static TaskLog lastLine(ImportRun run, TaskResult result) {
        if (result.error() != null) {
            return TaskLog.of(TaskEvent.FAILED, "%s", result.error());
        }
        return run.task().options().dryRun()
                ? TaskLog.of(TaskEvent.SUCCEEDED, "Dry run: nothing was written")
                : TaskLog.of(TaskEvent.SUCCEEDED, "Imported: %s", TaskResult.counts(result.total()));
    }

    /** Writes the progress of all files in flight and a sign of life; to be called every second. */
    public void saveProgress() {
        whileHeld(this::renewLease);
        running.values().forEach(this::saveFiles);
        running.values().stream()
                .filter(run -> !run.files().isEmpty()) // hundreds may wait for their turn
                .forEach(run -> store.paces().exchange(run, owner));
    }

    /** Does what renews the lease, unless it was handed back: an instance that ends must not seem to live. */
    private void whileHeld(Runnable renewal) {
        handBack.readLock().lock();
        try {
            if (!handedBack) {
                renewal.run();
            }
        } finally {
            handBack.readLock().unlock();
        }
    }

    private void renewLease() {
        long before = System.nanoTime();
        store.renewLease(owner, LEASE, running.keySet()).forEach(this::lose);
        leaseEnds = before + LEASE.minus(LEASE_MARGIN).toNanos();
    }

    /** Whether no other instance can have taken over what runs here: only then may this one write to targets. */
    public boolean holdsLease() {
        return System.nanoTime() - leaseEnds < 0;
    }

    /** Another instance took the task over, because this one gave no sign of life for too long. */
    private void lose(String id) {
        ImportRun run = running.remove(id);
        if (run != null) {
            LOG.warn("Task {} is run by another instance now: this one gave no sign of life for too long", id);
            breakOff(run);
        }
    }

    /** Gives false when another instance has the task. */
    boolean saveFiles(ImportRun run) {
        synchronized (run) { // what was gathered before the end of a file must not be written after it
            Map<String, FileSnapshot> files = new TreeMap<>();
            Map<CheckpointTrack, FileCheckpoint> checkpoints = new LinkedHashMap<>();
            boolean beyond = false;
            for (FileProgress progress : run.files()) {
                files.put(progress.file().uri(), progress.snapshot());
                CheckpointTrack track = progress.track();
                FileCheckpoint next = track.next();
                if (!next.equals(track.saved())) {
                    checkpoints.put(track, next);
                    beyond |= next.isBeyond(track.saved());
                }
            }
            boolean kept = store.saveFiles(run.task().id(), owner, files, checkpoints.values(), beyond);
            checkpoints.forEach(CheckpointTrack::saved);
            run.forgetEnded();
            return kept;
        }
    }

    /**
     * Takes over the tasks of instances that died; to be called every few seconds.
     *
     * @return what is to be run
     */
    public List<ImportRun> takeOver() {
        List<ImportRun> taken = new ArrayList<>();
        if (closing) {
            return taken;
        }
        store.unfinished().forEach((id, itsOwner) -> {
            try {
                takeOver(id, itsOwner).ifPresent(taken::add);
            } catch (JedisException e) { // what is taken already must be run
                LOG.warn("Task {} can't be taken over now: {}", id, e.getMessage());
            }
        });
        return taken;
    }

    private Optional<ImportRun> takeOver(String id, String itsOwner) {
        if (running.containsKey(id)) {
            return Optional.empty();
        }
        if (itsOwner.equals(owner) && store.attempt(id) == 1) {
            giveUp(id);
            return Optional.empty();
        }
        int attempt =
                store.claim(id, itsOwner, owner); // again, if it was claimed and the state Redis did not confirm it
        return attempt == 0
                ? Optional.empty()
                : Optional.of(takeOver(store.find(id).orElseThrow(), attempt));
    }

    private ImportRun takeOver(TaskState state, int attempt) {
        ImportTask task = state.task();
        ImportRun run = again(task, attempt);
        LOG.warn("Task {} of an instance that died is taken over", task.id());
        logs.write(
                task.id(),
                TaskEvent.TAKEN_OVER,
                "The service ended before the import did: it goes on (attempt %s)",
                attempt);
        run.goOnFrom(store.checkpoints(task.id()));
        running.put(task.id(), run);
        waiting.incrementAndGet();
        if (state.status() == TaskStatus.TERMINATING) {
            breakOff(run);
        }
        return run;
    }

    private ImportRun again(ImportTask task, int attempt) {
        if (store.attemptsInVain(task.id()) >= MAX_ATTEMPTS_IN_VAIN) {
            return ImportRun.failing(
                    "The service ended " + MAX_ATTEMPTS_IN_VAIN
                            + " times while it ran this import, which got no further; look into its log",
                    task,
                    attempt);
        }
        try {
            return ImportRun.into(targets.again(task, store.password(task.id())), task, attempt, logs);
        } catch (TargetUnavailableException e) {
            return ImportRun.failing(e.getMessage(), task, attempt);
        }
    }

    /** The request that created it was answered with an error, because the state Redis did not confirm it. */
    private void giveUp(String id) {
        String error = "The state Redis did not confirm the task when it was created: create it again";
        TaskLog line = TaskLog.of(TaskEvent.FAILED, error);
        store.finish(id, owner, TaskStatus.FAILED, line, error, now());
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    /** Whether the service is ending. */
    public boolean isClosing() {
        return closing;
    }

    /**
     * Breaks off what is being imported, so that the service ends soon: nothing more is read, and what was sent gets a
     * moment to be answered.
     */
    public void breakOffAll() {
        closing = true;
        running.values().forEach(ImportRun::breakOff);
        long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
        try {
            while (!running.values().stream().allMatch(ImportRun::isQuiet) && System.nanoTime() < deadline) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        running.values().forEach(run -> deliveries.accept(run.session()));
    }

    /**
     * Leaves the tasks that have not finished to another instance, or to the next start of this one, which go on behind
     * what was answered.
     */
    @Override
    public void close() {
        try {
            running.values().forEach(this::saveFiles);
            running.clear();
            handBack();
        } catch (JedisException e) {
            LOG.warn("What was not saved is imported again, as the state Redis can't be reached: {}", e.getMessage());
        }
    }

    private void handBack() {
        handBack.writeLock().lock();
        try {
            handedBack = true;
            leaseEnds = System.nanoTime();
            store.endLease(owner);
        } finally {
            handBack.writeLock().unlock();
        }
    }
}
