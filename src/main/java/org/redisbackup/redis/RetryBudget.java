package org.redisbackup.redis;

import java.time.Duration;

/** How long, and how often, something that does not succeed is tried again. Each success starts it anew. */
final class RetryBudget {
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;
    private static final int MOST_DOUBLINGS = 5;

    /** A connection that broke and is opened anew takes fewer. */
    private static final int NOTEWORTHY = 3;

    private final Duration patience;
    private int attempts;
    private long begun;

    /** @param patience from the first failure on */
    RetryBudget(Duration patience) {
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    /** Whether the last attempt did not succeed. */
    boolean hasFailed() {
        return attempts > 0;
    }

    void succeeded() {
        attempts = 0;
    }

    /** What is waited for is on its way: the patience begins anew, the pauses go on. */
    void progressed() {
        begun = System.nanoTime();
    }

    /** Whether it is tried in vain for so long that somebody should know why. */
    boolean isNoteworthy() {
        return attempts >= NOTEWORTHY;
    }

    /** Whether another attempt may be made after one more failure. */
    boolean allowsAnother() {
        if (attempts == 0) {
            begun = System.nanoTime();
        }
        attempts++;
        return System.nanoTime() - begun < patience.toNanos();
    }

    /** Milliseconds before the next attempt: none before the first, as a redirection leads on at once. */
    long pauseMillis() {
        return attempts <= 1
                ? 0
                : Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempts - 2, MOST_DOUBLINGS));
    }
}
