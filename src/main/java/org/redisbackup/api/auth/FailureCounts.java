package org.redisbackup.api.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** How often each of many failed within a minute. Remembers a bounded number of them, forgetting the least recent. */
final class FailureCounts {
    static final int MOST = 10_000;
    static final Duration PERIOD = Duration.ofMinutes(1);

    private final int limit;
    private final InstantSource clock;
    private final Map<String, Failures> recent = new LinkedHashMap<>();

    /** @param limit failures that are too many */
    FailureCounts(int limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /** Whether it has failed so often that it has to wait. */
    synchronized boolean isExhausted(String who) {
        Failures failures = current(who);
        return failures != null && failures.count() >= limit;
    }

    /** Counts a failure; the answer is whether it is the one that was too many. */
    synchronized boolean add(String who) {
        Failures before = current(who);
        int count = before == null ? 1 : before.count() + 1;
        boolean startsPeriod = before == null || count == limit;
        recent.remove(who);
        recent.put(who, new Failures(count, startsPeriod ? clock.instant().plus(PERIOD) : before.until()));
        if (recent.size() > MOST) {
            recent.remove(recent.keySet().iterator().next());
        }
        return count == limit;
    }

    synchronized void forget(String who) {
        recent.remove(who);
    }

    synchronized int size() {
        return recent.size();
    }

    private Failures current(String who) {
        Failures failures = recent.get(who);
        return failures == null || !clock.instant().isBefore(failures.until()) ? null : failures;
    }

    /** @param until when they are forgotten: a minute after the first, or after the one that was too many */
    private record Failures(int count, Instant until) {}
}
