package org.redisbackup.redis;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether a pipeline sends again what its target did not take, and after which pause: a target that is out of reach gets
 * some patience, and one that has no memory as long as the {@link Pace} says. Tells the pace which of both is waited for.
 * For use by any thread.
 */
final class Attempts {
    /** Between two attempts to send what the target has no memory for. */
    static final int ROOM_MILLIS = 500;

    private final Target target;
    private final Pace pace;
    private final RetryBudget retries;
    private boolean wasConnected; // else a failure is more likely a wrong address than a restart
    private boolean awaitsRoom; // the target had no memory for the last keys
    private boolean over;

    /** @param patience how long batches are sent again without any success */
    Attempts(Target target, Pace pace, Duration patience) {
        this.target = target;
        this.pace = pace;
        retries = new RetryBudget(patience);
    }

    /** As {@link Resending#isAllowedAfter}. */
    boolean isAllowedAfter(String failure) {
        boolean allowed;
        boolean noteworthy;
        synchronized (this) {
            allowed = wasConnected && !over && retries.allowsAnother();
            noteworthy = allowed && retries.isNoteworthy();
        }
        if (noteworthy) {
            pace.waitsForTarget(failure);
        } else if (!allowed) {
            pace.targetIsGivenUp();
        }
        return allowed;
    }

    /** As {@link Resending#awaitsRoom}. */
    boolean awaitsRoom(String refusal) {
        boolean awaits = pace.awaitsRoom(refusal, Instant.now());
        synchronized (this) {
            awaitsRoom = awaits && !over;
            return awaitsRoom;
        }
    }

    synchronized void connected() {
        wasConnected = true;
    }

    /** The target loads its own data, so it is on its way. */
    synchronized void isLoading() {
        retries.progressed();
    }

    /**
     * The target answered for everything.
     *
     * @param tookSome whether it took any of it
     */
    void succeeded(boolean tookSome) {
        synchronized (this) {
            retries.succeeded();
            awaitsRoom &= !tookSome;
        }
        if (tookSome) {
            pace.took();
        }
        pace.targetIsBack(target);
    }

    /** Before the next attempt: none while everything goes well. */
    synchronized long pauseMillis() {
        long millis = retries.hasFailed() ? retries.pauseMillis() : 0;
        return awaitsRoom ? Math.max(millis, ROOM_MILLIS) : millis;
    }

    /** From now on nothing is sent again. */
    synchronized void end() {
        over = true;
    }
}
