package org.redisbackup.schedule;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.redisbackup.task.ImportOptions;
import org.redisbackup.task.Incremental;

/**
 * What is imported when, and into which instance.
 *
 * @param project that it and its tasks belong to
 * @param name of the schedule, the only one of its project that has it, and of its tasks
 * @param definition as it was written
 * @param missed what to do about times at which no service ran
 * @param overlap what to do when its last import still runs
 */
public record Schedule(
        String project,
        String name,
        ScheduleDefinition definition,
        Timetable timetable,
        BackupChoice backups,
        ImportMethod method,
        ImportOptions options,
        MissedPolicy missed,
        OverlapPolicy overlap) {
    /** What tells it from all others. */
    String id() {
        return project + ":" + name;
    }

    /** Id of the instance that it imports into. */
    String target() {
        return definition.target();
    }

    /** Whether what the target has already is left out. */
    boolean isOnlyForNew() {
        return method == ImportMethod.INCREMENTAL_MIGRATION || backups.selection() == Selection.ALL_NEW;
    }

    /** Whether its backups are compared key by key with those that it imported before. */
    boolean comparesKeys() {
        return options.incremental() == Incremental.KEYS;
    }

    /** How its tasks import: what they compare are the backups of the schedule. */
    ImportOptions taskOptions() {
        if (!comparesKeys() || options.series() != null) {
            return options;
        }
        return options.ofSeries("schedule " + name + " of s3://" + backups.bucket() + "/" + definition.prefix()
                + (definition.pattern() == null ? "" : definition.pattern()));
    }

    /** Whether it imports what arrives in its bucket, instead of at certain times. */
    public boolean isByEvent() {
        return definition.isByEvent();
    }

    /** What its times to fire follow from: when that changes, earlier times mean nothing any more. */
    String clockwork() {
        return definition.cron() + " " + definition.timeZone();
    }

    /** Id of the task of one run, the same whichever instance of the service asks, so that there can't be two of them. */
    String taskOf(Instant planned) {
        String run = id() + ":" + planned;
        return UUID.nameUUIDFromBytes(run.getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    /** When the run of that time is really due: by chance up to the jitter later, the same for all instances. */
    Instant withJitter(Instant planned) {
        if (definition.jitter() == null || definition.jitter() == 0) {
            return planned;
        }
        long seed = 31L * id().hashCode() + planned.getEpochSecond();
        return planned.plus(Duration.ofSeconds(new Random(seed).nextInt(definition.jitter() + 1)));
    }

    /** The next run after that time, or empty when there is none. */
    public Optional<Instant> nextRun(Instant after) {
        return timetable.next(after).map(this::withJitter);
    }
}
