package org.redisbackup.redis;

import java.time.Duration;
import java.time.Instant;

/**
 * Holds an average to a rate. It never keeps tokens, so nothing is saved up in quiet times: what goes through is owed
 * afterwards, and the next waits until the debt is paid. So one that is larger than a second's worth goes through too.
 * Guarded by its owner.
 */
final class TokenBucket {
    private static final double NANOS = 1e9;

    private double owed;
    private Instant paid = Instant.EPOCH;

    /**
     * @param perSecond the rate from the last call on, 0 for none
     * @return how long the next has to wait, zero when it may go
     */
    Duration wait(long perSecond, Instant now) {
        if (perSecond == 0) {
            owed = 0;
        } else if (now.isAfter(paid) && owed > 0) {
            owed = Math.max(0, owed - perSecond * (Duration.between(paid, now).toNanos() / NANOS));
        }
        paid = now;
        return owed == 0 ? Duration.ZERO : Duration.ofNanos((long) Math.ceil(owed / perSecond * NANOS));
    }

    /** So much goes through. */
    void take(long amount) {
        owed += amount;
    }
}
