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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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

    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);
    private static final long POLL_MILLIS = 20;
    private static final int TARGET_TIMEOUT_MILLIS = 5000;

    private final Map<String, ImportRun> running = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final TaskStore store;
    private final TaskLogs logs;
    private final Consumer<String> deliveries;
    private final Lease lease;
    private final String owner;
    private final Takeover takeover;
    private volatile boolean closing;

    /** @param deliveries breaks off what is being delivered for a {@link ImportRun#session session} */
    public RunningTasks(TaskStore store, TaskLogs logs, Targets targets, Consumer<String> deliveries) {
        this.store = store;
        this.logs = logs;
        this.deliveries = deliveries;
        lease = new Lease(store);
        owner = lease.owner();
        takeover = new Takeover(store, logs, targets, owner);
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
        lease.begin();
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
        if (saveFiles(run, result.ends())) { // who would go on knows that nothing is left to replay
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
        lease.renew(running.keySet(), this::lose);
        running.values().forEach(this::saveFiles);
        running.values().stream()
                .filter(run -> !run.files().isEmpty()) // hundreds may wait for their turn
                .forEach(run -> store.paces().exchange(run, owner));
    }

    /** Whether no other instance can have taken over what runs here: only then may this one write to targets. */
    public boolean holdsLease() {
        return lease.isHeld();
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
        return saveFiles(run, Map.of());
    }

    /** @param ends of files, by URI, which the run may not know or have forgotten */
    private boolean saveFiles(ImportRun run, Map<String, FileSnapshot> ends) {
        synchronized (run) { // what was gathered before the end of a file must not be written after it
            Map<String, FileSnapshot> files = new TreeMap<>(ends);
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
                if (!running.containsKey(id)) {
                    takeover.claim(id, itsOwner).ifPresent(run -> {
                        running.put(id, run);
                        waiting.incrementAndGet();
                        taken.add(run);
                    });
                }
            } catch (JedisException e) { // what is taken already must be run
                LOG.warn("Task {} can't be taken over now: {}", id, e.getMessage());
            }
        });
        return taken;
    }

    /** As precise as the state Redis keeps it. */
    static Instant now() {
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
            lease.handBack();
        } catch (JedisException e) {
            LOG.warn("What was not saved is imported again, as the state Redis can't be reached: {}", e.getMessage());
        }
    }
}
