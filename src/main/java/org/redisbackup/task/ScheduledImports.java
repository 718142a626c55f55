package org.redisbackup.task;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.SourceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what a schedule imports when its time has come. */
public final class ScheduledImports {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduledImports.class);

    private final Map<String, Schedule> schedules;
    private final S3BackupSource source;
    private final Instances instances;
    private final ScheduleStore store;
    private final TaskService tasks;

    public ScheduledImports(
            Map<String, Schedule> schedules,
            S3BackupSource source,
            Instances instances,
            ScheduleStore store,
            TaskService tasks) {
        this.schedules = Map.copyOf(schedules);
        this.source = source;
        this.instances = instances;
        this.store = store;
        this.tasks = tasks;
    }

    /**
     * A new task for the newest backup of the schedule, or null when there is nothing to do: that backup is imported
     * already, or the schedule's last import still runs.
     *
     * @throws SourceException when there is no backup or the bucket can't be read
     */
    public ImportRun next(String name) throws SourceException {
        Schedule schedule = schedules.get(name);
        BackupFile newest = newest(schedule);
        Optional<ScheduleMemory> last = store.last(name);
        TaskStatus lastStatus = last.flatMap(memory -> tasks.find(schedule.project(), memory.taskId()))
                .map(TaskState::status)
                .orElse(TaskStatus.FAILED);
        if (!lastStatus.isFinished()) {
            LOG.info("Schedule {}: skipped, because its last import still runs", name);
            return null;
        }
        if (lastStatus == TaskStatus.SUCCESS && last.get().isOf(newest)) {
            LOG.info("Schedule {}: skipped, because {} is unchanged since its last import", name, newest.uri());
            return null;
        }
        return create(schedule, newest);
    }

    private BackupFile newest(Schedule schedule) throws SourceException {
        return source.list(schedule.bucket(), schedule.prefix()).stream()
                .max(Comparator.comparing(BackupFile::lastModified).thenComparing(BackupFile::key))
                .orElseThrow();
    }

    private ImportRun create(Schedule schedule, BackupFile newest) {
        ImportTask task = ImportTask.create(
                schedule.project(),
                schedule.name(),
                "created by schedule " + schedule.name(),
                "full_amount_migration",
                null,
                RequestedBackup.ofFiles(
                        schedule.bucket(),
                        List.of(new RequestedFile(
                                newest.key(),
                                Long.toString(newest.size()),
                                newest.lastModified().toString()))),
                schedule.targetId(),
                null,
                null,
                ImportOptions.STANDARD);
        Instance target = instances.find(schedule.targetId()).orElseThrow();
        ImportRun run = tasks.create(task, target, null);
        store.remember(schedule.name(), new ScheduleMemory(newest.key(), newest.etag(), task.id()));
        LOG.info("Schedule {}: task {} imports {}", schedule.name(), task.id(), newest.uri());
        return run;
    }
}
