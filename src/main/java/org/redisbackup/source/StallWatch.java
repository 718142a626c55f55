package org.redisbackup.source;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Breaks off a read that brings nothing for too long. Clients of S3 have timeouts of their own, but not all of them, and a
 * host may have set others. One thread watches all reads.
 */
final class StallWatch implements AutoCloseable {
    private static final int LOOKS = 4;
    private static final long NOT_READING = 0;
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private final Runnable breakOff;
    private final long silenceNanos;
    private final Future<?> looks;
    private volatile long readingSince = NOT_READING;
    private volatile boolean stalled;

    /** @param breakOff ends the read in progress; run by the thread that watches */
    StallWatch(Duration silence, Runnable breakOff) {
        this.breakOff = breakOff;
        silenceNanos = silence.toNanos();
        long period = silenceNanos / LOOKS;
        looks = TIMER.scheduleWithFixedDelay(this::look, period, period, TimeUnit.NANOSECONDS);
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "read-stall-watch");
            thread.setDaemon(true);
            return thread;
        });
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** A read begins. */
    void reading() {
        readingSince = System.nanoTime() | 1; // never NOT_READING
    }

    /**
     * The read has ended.
     *
     * @return whether it did because it was broken off
     */
    boolean ended() {
        readingSince = NOT_READING;
        return stalled;
    }

    private void look() {
        long since = readingSince;
        if (since != NOT_READING && System.nanoTime() - since > silenceNanos) {
            stalled = true;
            breakOff.run();
        }
    }

    @Override
    public void close() {
        looks.cancel(false);
    }
}
