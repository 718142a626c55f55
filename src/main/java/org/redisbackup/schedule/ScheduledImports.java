package org.redisbackup.schedule;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.NoBackupException;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.SourceException;
import org.redisbackup.task.ImportRun;
import org.redisbackup.task.ImportTask;
import org.redisbackup.task.Instance;
import org.redisbackup.task.Instances;
import org.redisbackup.task.RequestedBackup;
import org.redisbackup.task.RequestedFile;
import org.redisbackup.task.TaskExistsException;
import org.redisbackup.task.TaskLimitException;
import org.redisbackup.task.TaskService;
import org.redisbackup.task.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/** Makes tasks of the runs of schedules: the same tasks that a request creates. */
public final class ScheduledImports {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledImports.class);

    /** Files that a sentence names; of more it says how many. */
    private static final int MAX_NAMED = 10;

    private final Schedules schedules;
    private final ScheduleStore store;
    private final Claims claims;
    private final S3BackupSource source;
    private final Instances instances;
    private final TaskService tasks;
    private final InstantSource clock;

    public ScheduledImports(
            Schedules schedules,
            ScheduleStore store,
            Claims claims,
            S3BackupSource source,
            Instances instances,
            TaskService tasks,
            InstantSource clock) {
        this.schedules = schedules;
        this.store = store;
        this.claims = claims;
        this.source = source;
        this.instances = instances;
        this.tasks = tasks;
        this.clock = clock;
    }

    /** Begins a run that is claimed, and concludes it: it is this instance's own no more. */
    public RunOutcome begin(DueRun due) {
        try {
            Attempt attempt = attempt(due);
            LOG.info("Schedule {}: {}", due.schedule().name(), attempt.message());
            conclude(due, attempt);
            return RunOutcome.of(due, attempt.result(), attempt.message(), attempt.run());
        } finally {
            claims.giveUp(due);
        }
    }

    /**
     * Runs a schedule now, whatever its clock says and though it may be paused.
     *
     * @return empty when another run of it is just about to begin
     */
    public Optional<RunOutcome> runNow(Schedule schedule) {
        claims.giveSignOfLife();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        DueRun due = DueRun.at(schedule, now, DueRun.Cause.ASKED);
        return claims.claim(due, store.state(schedule)) ? Optional.of(begin(due)) : Optional.empty();
    }

    /** Whether a run of that time has created its task. */
    boolean hasBegun(Schedule schedule, Instant planned) {
        return tasks.find(schedule.project(), schedule.taskOf(planned)).isPresent();
    }

    /** Whether the schedule's last task has not finished, or its target takes no other. */
    boolean isBusy(Schedule schedule, ScheduleState state) {
        boolean unfinished = state.lastTask() != null
                && tasks.find(schedule.project(), state.lastTask())
                        .filter(task -> !task.status().isFinished())
                        .isPresent();
        return unfinished
                || instances.find(schedule.target()).filter(tasks::isFull).isPresent();
    }

    private Attempt attempt(DueRun due) {
        Schedule schedule = due.schedule();
        if (hasBegun(schedule, due.planned())) {
            return begunBefore(due);
        }
        if (due.cause() == DueRun.Cause.MISSED) {
            String times = due.since().equals(due.planned())
                    ? "at " + due.planned()
                    : "from " + due.since() + " to " + due.planned();
            return Attempt.without(RunResult.MISSED, "missed, because no service ran " + times);
        }
        if (isBusy(schedule, store.state(schedule))) {
            return overlap(due);
        }
        try {
            return tryOnce(due);
        } catch (NoBackupException e) {
            return Attempt.without(RunResult.NO_BACKUP, e.getMessage());
        } catch (SourceException e) {
            return Attempt.without(RunResult.FAILED, e.getMessage());
        } catch (TaskLimitException e) {
            return overlap(due);
        } catch (TaskExistsException e) {
            return begunBefore(due);
        }
    }

    /**
     * By an instance that died before it could say so. Which versions the task imports is not known any more, so they
     * don't count as imported.
     */
    private static Attempt begunBefore(DueRun due) {
        return new Attempt(RunResult.STARTED, "task " + due.taskId() + " imports already", null, Map.of());
    }

    private static Attempt overlap(DueRun due) {
        boolean queue = due.cause() == DueRun.Cause.EVENT
                || (due.schedule().overlap() == OverlapPolicy.QUEUE && due.cause() != DueRun.Cause.ASKED);
        return Attempt.without(
                queue ? RunResult.QUEUED : RunResult.OVERLAP,
                (queue ? "waits" : "skipped")
                        + ", because its last import, or another one into its target, has not finished");
    }

    private Attempt tryOnce(DueRun due) throws SourceException {
        Schedule schedule = due.schedule();
        Optional<Instance> target = instances.find(schedule.target());
        Optional<InvalidScheduleException> problem = schedules.problem(schedule);
        if (problem.isPresent() || target.isEmpty()) {
            return Attempt.without(
                    RunResult.FAILED,
                    "may not run: "
                            + problem.map(InvalidScheduleException::getMessage).orElse("its target is gone"));
        }
        countLastImport(schedule);
        BackupChoice.Chosen chosen = schedule.backups().choose(source, clock.instant());
        Set<BackupFile> leftOut =
                schedule.isOnlyForNew() ? store.imported(schedule.target(), chosen.files()) : Set.of();
        if (schedule.comparesKeys() && leftOut.size() < chosen.files().size()) {
            leftOut = Set.of(); // keys of a file that is left out would pass for vanished
        }
        List<BackupFile> files = new ArrayList<>(chosen.files());
        files.removeAll(leftOut);
        if (files.isEmpty()) {
            return Attempt.without(RunResult.UNCHANGED, "skipped, because " + unchanged(leftOut));
        }
        List<String> notes = new ArrayList<>(chosen.remarks());
        if (!leftOut.isEmpty()) {
            notes.add("Left out: " + unchanged(leftOut));
        }
        ImportRun run = tasks.createScheduled(task(due, files), target.get(), notes);
        return new Attempt(
                RunResult.STARTED,
                "task " + due.taskId() + " imports " + names(files),
                run,
                schedule.options().dryRun()
                        ? Map.of()
                        : files.stream().collect(Collectors.toMap(BackupFile::uri, BackupFile::etag)));
    }

    /** What the last task imported counts already, though nobody may have looked at its end yet. */
    private void countLastImport(Schedule schedule) {
        String last = store.state(schedule).lastTask();
        ScheduledTask task = last == null ? null : store.unsettled().get(last);
        if (task != null
                && tasks.find(schedule.project(), last)
                        .filter(end -> end.status() == TaskStatus.SUCCESS)
                        .isPresent()) {
            store.addImported(task);
        }
    }

    private static String unchanged(Collection<BackupFile> files) {
        return names(files) + (files.size() == 1 ? " is" : " are")
                + " unchanged since the last import into this target";
    }

    private static String names(Collection<BackupFile> files) {
        String some =
                files.stream().map(BackupFile::uri).sorted().limit(MAX_NAMED).collect(Collectors.joining(", "));
        return files.size() > MAX_NAMED ? some + " and " + (files.size() - MAX_NAMED) + " more" : some;
    }

    private ImportTask task(DueRun due, List<BackupFile> files) {
        Schedule schedule = due.schedule();
        List<RequestedFile> requested = files.stream()
                .map(file -> new RequestedFile(
                        file.key(),
                        Long.toString(file.size()),
                        file.lastModified().toString()))
                .toList();
        return new ImportTask(
                due.taskId(),
                schedule.project(),
                schedule.name(),
                "created by schedule " + schedule.name() + " for " + due.planned(),
                schedule.method().text(),
                null,
                RequestedBackup.ofFiles(schedule.backups().bucket(), requested),
                schedule.target(),
                null,
                null,
                schedule.taskOptions(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private void conclude(DueRun due, Attempt attempt) {
        Schedule schedule = due.schedule();
        Map<String, Object> changes = new HashMap<>();
        changes.put("last_run", clock.instant().truncatedTo(ChronoUnit.MILLIS));
        changes.put("last_result", attempt.result());
        changes.put("last_message", attempt.message());
        switch (due.cause()) {
            case CLOCK, MISSED -> changes.put("fired", due.planned());
            case WAITED -> changes.put("waiting", null);
            case EVENT -> changes.put("woken", null);
            case ASKED -> {}
        }
        if (attempt.result() == RunResult.QUEUED) {
            Instant first = store.state(schedule).waiting();
            changes.put("waiting", first == null ? due.planned() : first);
        }
        ScheduledTask task = null;
        if (attempt.result() == RunResult.STARTED) {
            changes.put("last_task", due.taskId());
            task = new ScheduledTask(
                    schedule.project(), schedule.name(), schedule.target(), due.planned(), attempt.versions());
        }
        try {
            claims.conclude(due, changes, task);
        } catch (JedisException e) {
            if (attempt.run() == null) {
                throw e;
            }
            LOG.warn("Schedule {}: that task {} imports can't be kept now", schedule.name(), due.taskId(), e);
        }
    }

    /**
     * What came of a run.
     *
     * @param run what is to be imported now, or null
     * @param versions ETag by {@code s3://bucket/key} of what the task imports
     */
    private record Attempt(RunResult result, String message, ImportRun run, Map<String, String> versions) {
        static Attempt without(RunResult result, String message) {
            return new Attempt(result, message, null, Map.of());
        }
    }
}
