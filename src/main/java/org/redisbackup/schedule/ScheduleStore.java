package org.redisbackup.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.redisbackup.source.BackupFile;
import org.redisbackup.task.StateJson;
import org.redisbackup.task.StateKeys;
import org.redisbackup.task.StateScript;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.params.SetParams;

/**
 * Schedules, where they stand and what they imported, in the state Redis, {@link StateKeys}. Every method throws {@link
 * redis.clients.jedis.exceptions.JedisException} when that does not answer.
 */
public final class ScheduleStore {
    private static final Logger LOG = LoggerFactory.getLogger(ScheduleStore.class);

    private final UnifiedJedis redis;

    public ScheduleStore(UnifiedJedis redis) {
        this.redis = redis;
    }

    /** The schedules that clients created, by {@link Schedule#id}; what this version can't read is left out. */
    Map<String, ScheduleDefinition> definitions() {
        Map<String, ScheduleDefinition> definitions = new HashMap<>();
        redis.hgetAll(StateKeys.SCHEDULES).forEach((id, text) -> {
            try {
                definitions.put(id, StateJson.read(text, ScheduleDefinition.class));
            } catch (IllegalStateException e) {
                LOG.warn("Schedule {} is left out: {}", id, e.getMessage());
            }
        });
        return definitions;
    }

    /** @return whether there was none of this id */
    boolean add(Schedule schedule) {
        return redis.hsetnx(StateKeys.SCHEDULES, schedule.id(), StateJson.write(schedule.definition())) == 1;
    }

    void replace(Schedule schedule) {
        redis.hset(StateKeys.SCHEDULES, schedule.id(), StateJson.write(schedule.definition()));
    }

    void remove(Schedule schedule) {
        try (AbstractTransaction all = redis.multi()) {
            all.hdel(StateKeys.SCHEDULES, schedule.id());
            all.del(StateKeys.schedule(schedule.id()));
            all.exec();
        }
    }

    ScheduleState state(Schedule schedule) {
        return ScheduleState.of(redis.hgetAll(StateKeys.schedule(schedule.id())));
    }

    /** From now on it fires at the times that its definition says; earlier ones mean nothing. */
    void beginAt(Schedule schedule, Instant now) {
        redis.hset(
                StateKeys.schedule(schedule.id()), Map.of("clockwork", schedule.clockwork(), "fired", now.toString()));
    }

    void pause(Schedule schedule, Instant now) {
        redis.hset(StateKeys.schedule(schedule.id()), "paused", now.toString());
    }

    /** Ends a pause; the times that passed meanwhile are not missed. */
    void resume(Schedule schedule, Instant now) {
        if (redis.hdel(StateKeys.schedule(schedule.id()), "paused") == 1) {
            beginAt(schedule, now);
        }
    }

    /** Something arrived in its bucket. */
    void wake(Schedule schedule, Instant now) {
        redis.hset(StateKeys.schedule(schedule.id()), "woken", now.toString());
    }

    /** Says that an instance of the service lives, for so long. */
    void giveSignOfLife(String owner, Duration lease) {
        redis.set(StateKeys.scheduler(owner), "alive", SetParams.setParams().px(lease.toMillis()));
    }

    /**
     * Claims a run, unless another instance that lives has a claim on the schedule, or the schedule has gone on.
     *
     * @param seen where the schedule stood when the run was found to be due
     * @return whether the run is the owner's
     */
    boolean claim(DueRun due, ScheduleState seen, String owner) {
        String before = seen.owner() == null ? "" : seen.owner();
        return StateScript.CLAIM_RUN
                .run(
                        redis,
                        List.of(StateKeys.schedule(due.schedule().id()), StateKeys.scheduler(before)),
                        List.of(due.planned().toString(), text(seen.fired()), before, owner))
                .equals(1L);
    }

    /**
     * Ends a claim, if the owner still has it.
     *
     * @param changes fields of the schedule; those that are null go, unless another run is meant there by now
     * @param task that the run created, or null
     */
    void conclude(DueRun due, String owner, Map<String, ?> changes, ScheduledTask task) {
        List<String> args = new ArrayList<>(List.of(
                owner,
                due.planned().toString(),
                task == null ? "" : due.taskId(),
                task == null ? "" : StateJson.write(task)));
        changes.forEach((field, value) -> {
            args.add(field);
            args.add(text(value));
        });
        StateScript.CONCLUDE_RUN.run(
                redis, List.of(StateKeys.schedule(due.schedule().id()), StateKeys.SCHEDULED), args);
    }

    private static String text(Object value) {
        return value == null ? "" : value.toString();
    }

    /** Tasks of schedules that were not {@link #settle settled}, by their ids. */
    Map<String, ScheduledTask> unsettled() {
        Map<String, ScheduledTask> tasks = new HashMap<>();
        redis.hgetAll(StateKeys.SCHEDULED)
                .forEach((id, text) -> tasks.put(id, StateJson.read(text, ScheduledTask.class)));
        return tasks;
    }

    /** @return whether it was this call, and none of another instance, that settled it */
    boolean settle(String taskId) {
        return redis.hdel(StateKeys.SCHEDULED, taskId) == 1;
    }

    /** From now on the target counts as having these versions. */
    void addImported(ScheduledTask task) {
        if (!task.versions().isEmpty()) {
            redis.hset(StateKeys.imported(task.target()), task.versions());
        }
    }

    /** Those of the files whose present versions were imported into the target by a schedule, as the last ones. */
    Set<BackupFile> imported(String target, Collection<BackupFile> files) {
        if (files.isEmpty()) {
            return Set.of();
        }
        List<BackupFile> asked = List.copyOf(files);
        List<String> versions = redis.hmget(
                StateKeys.imported(target), asked.stream().map(BackupFile::uri).toArray(String[]::new));
        Set<BackupFile> known = new HashSet<>();
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).etag().equals(versions.get(i))) {
                known.add(asked.get(i));
            }
        }
        return known;
    }
}
