package org.redisbackup.task;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this instance of the service comes by the task of one that died: it claims it and goes on behind its checkpoints. */
final class Takeover {
    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    /** A task that ended the service so often, without getting any further, would end it again. */
    private static final int MAX_ATTEMPTS_IN_VAIN = 3;

    private final TaskStore store;
    private final TaskLogs logs;
    private final Targets targets;
    private final String owner;

    /** @param owner this instance, as {@link Lease#owner} names it */
    Takeover(TaskStore store, TaskLogs logs, Targets targets, String owner) {
        this.store = store;
        this.logs = logs;
        this.targets = targets;
        this.owner = owner;
    }

    /**
     * Claims a task that has not finished and does not run here.
     *
     * @param itsOwner who had it when it was looked up
     * @return what is to be run, broken off already if the task is to be stopped; empty when its owner lives, or another
     *     instance has claimed it
     */
    Optional<ImportRun> claim(String id, String itsOwner) {
        if (itsOwner.equals(owner) && store.attempt(id) == 1) {
            giveUp(id);
            return Optional.empty();
        }
        // again, if it was claimed and the state Redis did not confirm it
        int attempt = store.claim(id, itsOwner, owner);
        return attempt == 0 ? Optional.empty() : Optional.of(goOn(store.find(id).orElseThrow(), attempt));
    }

    private ImportRun goOn(TaskState state, int attempt) {
        ImportTask task = state.task();
        ImportRun run = runOf(task, attempt);
        LOG.warn("Task {} of an instance that died is taken over", task.id());
        logs.write(
                task.id(),
                TaskEvent.TAKEN_OVER,
                "The service ended before the import did: it goes on (attempt %s)",
                attempt);
        run.goOnFrom(store.checkpoints(task.id()));
        if (state.status() == TaskStatus.TERMINATING) {
            run.breakOff();
        }
        return run;
    }

    private ImportRun runOf(ImportTask task, int attempt) {
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
        store.finish(id, owner, TaskStatus.FAILED, line, error, RunningTasks.now());
    }
}
