package org.redisbackup.schedule;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.Instances;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All schedules: those of the configuration, which clients can't change, and those that clients created. */
public final class Schedules {
    private static final Logger LOG = LoggerFactory.getLogger(Schedules.class);

    /** Of a project, beside those of the configuration. */
    private static final int MAX_CREATED = 100;

    private final Map<String, Schedule> configured = new HashMap<>();
    private final ScheduleStore store;
    private final Instances instances;
    private final AllowedBuckets buckets;
    private final InstantSource clock;

    /**
     * @param configured of which none has the project and name of another
     * @param buckets that those of clients may read
     */
    public Schedules(
            Collection<Schedule> configured,
            ScheduleStore store,
            Instances instances,
            AllowedBuckets buckets,
            InstantSource clock) {
        configured.forEach(schedule -> this.configured.put(schedule.id(), schedule));
        this.store = store;
        this.instances = instances;
        this.buckets = buckets;
        this.clock = clock;
    }

    /**
     * A schedule of the configuration.
     *
     * @param name that of the schedule, and of its tasks
     * @throws InvalidScheduleException for the first field that is not right
     */
    public static Schedule configured(String project, String name, ScheduleDefinition definition, Instances instances) {
        Schedule schedule = definition.checked(project, name);
        if (instances.find(schedule.target()).isEmpty()) {
            throw new InvalidScheduleException(
                    "target", "there is no redisbackup.instances." + schedule.target() + ".url");
        }
        return schedule;
    }

    /** Sorted by project and name. */
    List<Schedule> all() {
        Map<String, Schedule> all = new HashMap<>();
        store.definitions().forEach((id, definition) -> {
            int colon = id.indexOf(':');
            try {
                all.put(id, definition.checked(id.substring(0, colon), id.substring(colon + 1)));
            } catch (InvalidScheduleException e) {
                LOG.warn("Schedule {} is left out, its {} is wrong: {}", id, e.field(), e.getMessage());
            }
        });
        all.putAll(configured);
        List<Schedule> sorted = new ArrayList<>(all.values());
        sorted.sort(Comparator.comparing(Schedule::id));
        return sorted;
    }

    /** Those of a project, sorted by name. */
    public List<Schedule> of(String project) {
        return all().stream()
                .filter(schedule -> schedule.project().equals(project))
                .toList();
    }

    public Optional<Schedule> find(String project, String name) {
        return of(project).stream()
                .filter(schedule -> schedule.name().equals(name))
                .findFirst();
    }

    /** Whether it is one of the configuration. */
    public boolean isConfigured(Schedule schedule) {
        return configured.containsKey(schedule.id());
    }

    public ScheduleState state(Schedule schedule) {
        return store.state(schedule);
    }

    /**
     * Keeps a new schedule.
     *
     * @throws InvalidScheduleException for the first field that is not right
     * @throws ScheduleLimitException when the project has too many
     */
    public Schedule create(String project, String name, ScheduleDefinition definition) {
        Schedule schedule = allowed(definition.checked(project, name));
        if (of(project).stream().filter(each -> !isConfigured(each)).count() >= MAX_CREATED) {
            throw new ScheduleLimitException(MAX_CREATED);
        }
        if (isConfigured(schedule) || !store.add(schedule)) {
            throw new InvalidScheduleException("name", "there is a schedule of this name already");
        }
        store.beginAt(schedule, clock.instant());
        return schedule;
    }

    /**
     * Gives a schedule that a client created another definition. Times of the former one are not missed.
     *
     * @throws InvalidScheduleException for the first field that is not right
     */
    public Schedule replace(Schedule former, ScheduleDefinition definition) {
        Schedule schedule = allowed(definition.checked(former.project(), former.name()));
        store.replace(schedule);
        store.beginAt(schedule, clock.instant());
        return schedule;
    }

    private Schedule allowed(Schedule schedule) {
        problem(schedule).ifPresent(problem -> {
            throw problem;
        });
        return schedule;
    }

    /** Why the schedule may not import: the configuration of this service does not let it, or does so no more. */
    Optional<InvalidScheduleException> problem(Schedule schedule) {
        if (isConfigured(schedule)) {
            return Optional.empty();
        }
        if (!buckets.allows(schedule.backups().bucket())) {
            return Optional.of(new InvalidScheduleException(
                    "bucket", "this bucket may not be read: redisbackup.buckets.allow does not name it"));
        }
        String ledger = schedule.options().ledger() == null
                ? null
                : schedule.options().ledger().bucket();
        if (ledger != null && !buckets.allows(ledger)) {
            return Optional.of(new InvalidScheduleException(
                    "import_options",
                    "no ledger may be written to this bucket: redisbackup.buckets.allow does not name it"));
        }
        return instances.find(schedule.project(), schedule.target()).isPresent()
                ? Optional.empty()
                : Optional.of(new InvalidScheduleException("target", "the project has no instance of this id"));
    }

    /** Forgets a schedule that a client created; its tasks stay. */
    public void delete(Schedule schedule) {
        store.remove(schedule);
    }

    /** Those that import by events, one of which could be of the object. What arrives during a pause does not count. */
    List<Schedule> wake(String bucket, String key) {
        List<Schedule> woken = all().stream()
                .filter(schedule -> schedule.isByEvent() && schedule.backups().mayTake(bucket, key))
                .filter(schedule -> !store.state(schedule).isPaused())
                .toList();
        woken.forEach(schedule -> store.wake(schedule, clock.instant().truncatedTo(ChronoUnit.MILLIS)));
        return woken;
    }

    /** From now on it fires at no time; a run that is asked for is another matter. */
    public void pause(Schedule schedule) {
        store.pause(schedule, clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /** Ends a pause; the times that passed meanwhile are not missed. */
    public void resume(Schedule schedule) {
        store.resume(schedule, clock.instant());
    }
}
