package org.redisbackup.schedule;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The runs of schedules that this instance of the service is about to begin. */
public final class Claims {
    /** Much longer than the second between two signs of life, so that a pause of the process costs no claim. */
    private static final Duration LEASE = Duration.ofSeconds(15);

    private final String owner = UUID.randomUUID().toString();
    private final Set<String> beginning = ConcurrentHashMap.newKeySet();
    private final ScheduleStore store;

    public Claims(ScheduleStore store) {
        this.store = store;
    }

    void giveSignOfLife() {
        store.giveSignOfLife(owner, LEASE);
    }

    /**
     * Claims a run, as {@link ScheduleStore#claim}. One of its own that could not be concluded, because the state Redis
     * was away, may be claimed again.
     */
    boolean claim(DueRun due, ScheduleState seen) {
        String schedule = due.schedule().id();
        if (!beginning.add(schedule)) {
            return false;
        }
        boolean claimed = false;
        try {
            claimed = store.claim(due, seen, owner);
        } finally {
            if (!claimed) {
                beginning.remove(schedule);
            }
        }
        return claimed;
    }

    /** As {@link ScheduleStore#conclude}. */
    void conclude(DueRun due, Map<String, ?> changes, ScheduledTask task) {
        store.conclude(due, owner, changes, task);
    }

    /** This instance does no more about it; whether it is concluded, the state Redis knows. */
    void giveUp(DueRun due) {
        beginning.remove(due.schedule().id());
    }
}
