package org.redisbackup.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/**
 * How gently an import treats its target: its limits, which may change while it runs, and when it pauses because the
 * target's memory is full. Also tells whether it pauses at the moment, or waits for what is out of reach. For use by any
 * thread.
 */
public final class Pace {
    /** Of {@code maxmemory}: leaves room for what is in flight, and for other clients. */
    public static final int STANDARD_MEMORY_PERCENT = 95;

    public static final Duration STANDARD_PAUSE_LIMIT = Duration.ofMinutes(10);

    private static final String TARGET = "the target";
    private static final String LATENCY = "other clients of the target";
    private static final String TRIED_AGAIN = ": it is tried again";

    private final int memoryPercent;
    private final Duration pauseLimit;
    private final Consumer<String> news;
    private volatile RateLimits limits;
    private volatile String paused;
    private Instant pausedSince;
    private Instant refusedSince;
    private final Map<String, String> waits = new ConcurrentSkipListMap<>();

    /**
     * @param memoryPercent of the target's {@code maxmemory} that may be used before the import pauses, 1 to 100; 0 lets
     *     it never pause
     * @param pauseLimit how long it waits for room before it fails
     * @param news is told of the beginning and the end of each pause, one sentence without its full stop
     */
    public Pace(RateLimits limits, int memoryPercent, Duration pauseLimit, Consumer<String> news) {
        if (memoryPercent < 0 || memoryPercent > 100) {
            throw new IllegalArgumentException("the share of maxmemory is 0 to 100 percent");
        }
        if (pauseLimit.isNegative()) {
            throw new IllegalArgumentException("a pause lasts 0 seconds or more");
        }
        this.limits = Objects.requireNonNull(limits);
        this.memoryPercent = memoryPercent;
        this.pauseLimit = pauseLimit;
        this.news = news;
    }

    /** No limits and no pause, told to nobody. */
    static Pace none() {
        return new Pace(RateLimits.NONE, 0, Duration.ZERO, news -> {});
    }

    /** No limits, and a pause when the target's memory is full. */
    public static Pace standard(Consumer<String> news) {
        return new Pace(RateLimits.NONE, STANDARD_MEMORY_PERCENT, STANDARD_PAUSE_LIMIT, news);
    }

    public RateLimits limits() {
        return limits;
    }

    /** The new limits hold within a second, also for what waits already. */
    public void limit(RateLimits changed) {
        limits = Objects.requireNonNull(changed);
    }

    /** Why the import pauses or waits, one sentence; null while it does not. */
    public String paused() {
        String pause = paused;
        return pause == null ? waits.values().stream().findFirst().orElse(null) : pause;
    }

    /**
     * The import waits for something that is tried again.
     *
     * @param what it waits for: a file, or the target
     * @param why one sentence
     */
    public void waits(String what, String why) {
        waits.put(what, why);
    }

    /** The import need not wait for this any more. */
    public void goesOn(String what) {
        waits.remove(what);
    }

    /** The target does not take keys, and is tried again. */
    void waitsForTarget(String why) {
        if (waits.put(TARGET, why + TRIED_AGAIN) == null) {
            news.accept(why + TRIED_AGAIN);
        }
    }

    /** The target takes keys. */
    void targetIsBack(Target target) {
        if (waits.containsKey(TARGET) && waits.remove(TARGET) != null) {
            news.accept(target.address() + " takes keys again: the import goes on");
        }
    }

    /** The target is not tried any more. */
    void targetIsGivenUp() {
        waits.remove(TARGET);
    }

    /** It holds what it had acknowledged. */
    void targetKeptItsData(Target target) {
        news.accept(target.address() + " restarted, or another server took its place; it holds what was acknowledged"
                + " last, so the import goes on");
    }

    /**
     * Other clients wait too long for the target, though as little goes there as may be.
     *
     * @param answer how long they wait
     */
    void goesAtItsSlowest(Target target, Duration answer) {
        waits.put(
                LATENCY,
                target.address() + " answers in " + answer.toMillis() + " ms, more than the " + limits.latencyMillis()
                        + " that are allowed: the import goes at its slowest");
    }

    /** The import does not go at its slowest, or not at all. */
    void isNotAtItsSlowest() {
        waits.remove(LATENCY);
    }

    int memoryPercent() {
        return memoryPercent;
    }

    /**
     * There is no room on the target.
     *
     * @return null, or why the import is to fail as the pause lasted too long
     */
    String noRoom(MemoryUse use, Instant now) {
        String begun = null;
        synchronized (this) {
            if (pausedSince == null) {
                pausedSince = now;
                begun = use + ", more than " + memoryPercent + " %: the import pauses until there is room";
                paused = begun;
            } else if (!now.isBefore(pausedSince.plus(pauseLimit))) {
                return use + ", and more than " + memoryPercent + " % for " + pauseLimit.toSeconds()
                        + " seconds; free memory or raise maxmemory there, and import again";
            }
        }
        if (begun != null) {
            news.accept(begun);
        }
        return null;
    }

    /** There is room on the target. */
    void room(MemoryUse use) {
        synchronized (this) {
            if (pausedSince == null) {
                return;
            }
            pausedSince = null;
            paused = refusedSince == null ? null : paused;
        }
        news.accept((use.equals(MemoryUse.UNKNOWN) ? "The target's memory can't be asked for" : use.toString())
                + ": the import goes on");
    }

    /**
     * The target refused a key for lack of memory.
     *
     * @param refusal one sentence without its full stop
     * @return whether to send it again until there is room: not when the target has taken nothing for too long
     */
    boolean awaitsRoom(String refusal, Instant now) {
        String begun = null;
        boolean awaits;
        synchronized (this) {
            if (memoryPercent == 0 || pauseLimit.isZero()) {
                return false;
            }
            if (refusedSince == null) {
                refusedSince = now;
                begun = refusal + ": the import pauses until there is room";
                paused = begun;
            }
            awaits = now.isBefore(refusedSince.plus(pauseLimit));
        }
        if (begun != null) {
            news.accept(begun);
        }
        return awaits;
    }

    /** The target took keys. */
    void took() {
        synchronized (this) {
            if (refusedSince == null) {
                return;
            }
            refusedSince = null;
            paused = pausedSince == null ? null : paused;
        }
        news.accept("The target takes keys again: the import goes on");
    }
}
