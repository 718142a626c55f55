package org.redisbackup.support;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread or process brings about. */
public final class Conditions {
    private static final Duration AT_MOST = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(5);

    private Conditions() {}

    /** Asks again and again until it is so; gives up with an error after 30 seconds. */
    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + AT_MOST.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + AT_MOST.toSeconds() + " s in vain");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
