package org.redisbackup.redis;

import java.time.Duration;
import java.time.Instant;

/**
 * The share of time in which an import keeps its target busy. What is in flight decides nothing: a server executes a few
 * kilobytes of one client, or one large value, and then serves the others, however much more is queued. What helps the
 * others is time without import, so one batch goes at a time, and after it comes a gap. The share is halved when another
 * client would have waited too long for an answer, and grows by a little when none would: the server's load, which
 * nobody can ask for, is found that way. Guarded by its owner.
 */
final class TimeShare {
    private static final double LEAST = 1.0 / 256;
    private static final double STEP = 1.0 / 64;

    /** Between two changes: the target has to show what the last one did. */
    private static final Duration PERIOD = Duration.ofMillis(100);

    private static final Duration LONGEST_GAP = Duration.ofSeconds(1);

    private double share = 1;
    private boolean late;
    private Instant changed = Instant.EPOCH;
    private Instant gapEnds = Instant.EPOCH;

    /** Whether nothing is held back. */
    boolean isWhole() {
        return share == 1;
    }

    /** Whether it can't get smaller. */
    boolean isLeast() {
        return share == LEAST;
    }

    /** Nobody cares how long others wait. */
    void restore() {
        share = 1;
        late = false;
        gapEnds = Instant.EPOCH;
    }

    /** What another client got while a batch was in flight. */
    void answered(boolean inTime, Instant now) {
        late |= !inTime;
        if (!now.isBefore(changed.plus(PERIOD))) {
            share = late ? Math.max(LEAST, share / 2) : Math.min(1, share + STEP);
            late = false;
            changed = now;
        }
    }

    /** A batch is settled. */
    void settled(Duration inFlight, Instant now) {
        long gap = (long) (inFlight.toNanos() * (1 / share - 1));
        gapEnds = now.plusNanos(Math.min(gap, LONGEST_GAP.toNanos()));
    }

    /** How long the next batch has to wait, zero when it may go. */
    Duration wait(Instant now) {
        return now.isBefore(gapEnds) ? Duration.between(now, gapEnds) : Duration.ZERO;
    }
}
