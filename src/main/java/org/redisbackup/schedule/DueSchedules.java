package org.redisbackup.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Which schedules are to run now. Several instances of the service may ask on one state Redis: each run is claimed by one
 * of them. A claim is good for as long as its instance lives; when it dies before it has concluded the run, another one
 * claims that again.
 */
public final class DueSchedules {
    private static final Logger LOG = LoggerFactory.getLogger(DueSchedules.class);

    /** A run that is later than this is missed. Long enough for a restart, or another instance to take over. */
    static final Duration GRACE = Duration.ofSeconds(60);

    private final Schedules schedules;
    private final ScheduleStore store;
    private final ScheduledImports imports;
    private final Claims claims;
    private final InstantSource clock;

    public DueSchedules(
            Schedules schedules, ScheduleStore store, ScheduledImports imports, Claims claims, InstantSource clock) {
        this.schedules = schedules;
        this.store = store;
        this.imports = imports;
        this.claims = claims;
        this.clock = clock;
    }

    /** The runs that this instance has to begin; to be called every second. */
    public List<DueRun> claim() {
        claims.giveSignOfLife();
        Instant now = clock.instant();
        List<DueRun> claimed = new ArrayList<>();
        for (Schedule schedule : schedules.all()) {
            try {
                ScheduleState state = store.state(schedule);
                next(schedule, state, now)
                        .filter(due -> claims.claim(due, state))
                        .ifPresent(claimed::add);
            } catch (JedisException e) { // what is claimed already must be begun
                LOG.warn("Schedule {} can't be looked at now: {}", schedule.name(), e.getMessage());
            }
        }
        return claimed;
    }

    private Optional<DueRun> next(Schedule schedule, ScheduleState state, Instant now) {
        if (!schedule.clockwork().equals(state.clockwork()) || state.fired() == null) {
            LOG.info("Schedule {} begins: {}", schedule.name(), schedule.clockwork());
            store.beginAt(schedule, now);
            return Optional.empty();
        }
        if (state.claimed() != null && imports.hasBegun(schedule, state.claimed())) {
            return Optional.of(begun(schedule, state)); // only to be concluded
        }
        if (state.isPaused()) {
            return Optional.empty();
        }
        if (state.waiting() != null && !imports.isBusy(schedule, state)) {
            return Optional.of(DueRun.at(schedule, state.waiting(), DueRun.Cause.WAITED));
        }
        if (state.woken() != null && !imports.isBusy(schedule, state)) {
            return Optional.of(DueRun.at(schedule, state.woken(), DueRun.Cause.EVENT));
        }
        return due(schedule, state.fired(), now);
    }

    /** The run that an instance claimed and began, as it was due then. */
    private static DueRun begun(Schedule schedule, ScheduleState state) {
        Instant planned = state.claimed();
        if (planned.equals(state.waiting())) {
            return DueRun.at(schedule, planned, DueRun.Cause.WAITED);
        }
        if (planned.equals(state.woken())) {
            return DueRun.at(schedule, planned, DueRun.Cause.EVENT);
        }
        boolean byTheClock = planned.isAfter(state.fired())
                && schedule.timetable()
                        .last(state.fired(), planned)
                        .filter(planned::equals)
                        .isPresent();
        return DueRun.at(schedule, planned, byTheClock ? DueRun.Cause.CLOCK : DueRun.Cause.ASKED);
    }

    /** The run that the clock asks for, which stands for all before it. */
    static Optional<DueRun> due(Schedule schedule, Instant fired, Instant now) {
        Optional<Instant> first = schedule.timetable().next(fired);
        if (first.isEmpty() || first.get().isAfter(now)) {
            return Optional.empty();
        }
        Instant late = now.minus(GRACE);
        boolean missed = schedule.missed() == MissedPolicy.SKIP
                && schedule.withJitter(first.get()).isBefore(late);
        DueRun.Cause cause = missed ? DueRun.Cause.MISSED : DueRun.Cause.CLOCK;
        return lastDue(schedule, fired, missed ? late : now)
                .map(planned -> new DueRun(schedule, planned, first.get(), cause));
    }

    private static Optional<Instant> lastDue(Schedule schedule, Instant fired, Instant until) {
        Optional<Instant> last = schedule.timetable().last(fired, until);
        while (last.isPresent() && schedule.withJitter(last.get()).isAfter(until)) {
            last = schedule.timetable().last(fired, last.get().minusSeconds(1));
        }
        return last;
    }
}
