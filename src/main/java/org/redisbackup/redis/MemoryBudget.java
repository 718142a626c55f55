package org.redisbackup.redis;

import java.time.Duration;
import java.time.Instant;

/**
 * How much may be sent before the target's memory is looked at again: half of the room that there was, less what was in
 * flight, so that estimates may be wrong by a factor of two, and it gets less and less towards the mark. Guarded by its
 * owner.
 */
final class MemoryBudget {
    /** Other clients fill the memory too. */
    private static final Duration FRESH = Duration.ofSeconds(1);

    /** Of the limit: so much more than none must there be for a pause to end. */
    private static final int MARGIN_PERCENT = 1;

    private long left;
    private long inFlight;
    private long sent;
    private boolean quiet; // when it was looked at, and since
    private boolean full;
    private boolean settledSince;
    private Instant looked;

    /** What was on its way when a look began. */
    record Snapshot(long inFlight, long sent) {}

    /** A batch that nothing is in flight with may go while there is any room. */
    boolean admits(Load load) {
        return !full && (load.memory() <= left || (quiet && looked != null));
    }

    void sent(Load load) {
        left -= load.memory();
        inFlight += load.memory();
        sent += load.memory();
        quiet = false;
    }

    void settled(Load load) {
        inFlight -= load.memory();
        settledSince = true;
    }

    /** Whether a look would tell something new. */
    boolean isStale(Instant now) {
        return settledSince || isOld(now);
    }

    boolean isOld(Instant now) {
        return looked == null || !now.isBefore(looked.plus(FRESH));
    }

    Snapshot beginLook() {
        settledSince = false;
        return new Snapshot(inFlight, sent);
    }

    /**
     * @param percent of its limit that may be used
     * @param pausing whether more room than none is needed to go on
     */
    void endLook(Snapshot before, MemoryUse use, int percent, boolean pausing, Instant now) {
        looked = now;
        long room = use.roomUpTo(percent - (pausing ? MARGIN_PERCENT : 0));
        long underWay = before.inFlight() + sent - before.sent();
        left = room / 2 - underWay;
        quiet = underWay == 0;
        full = room <= 0;
    }

    /** Whether there is no room, though nothing is in flight that could be about to take what there was. */
    boolean isExhausted() {
        return full && quiet;
    }

    boolean isFull() {
        return full;
    }
}
