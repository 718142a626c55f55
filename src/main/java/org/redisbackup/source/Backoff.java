package org.redisbackup.source;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often and how patiently a broken read is tried again.
 *
 * @param attempts how many in a row may bring no byte, at least 1
 * @param first pause before the second attempt; each further one is twice as long
 * @param longest bound of a pause
 * @param silence how long a request may go without an answer, or its answer without a byte, before it counts as broken;
 *     noticed within five quarters of that time; at least 4 ms
 */
public record Backoff(int attempts, Duration first, Duration longest, Duration silence) {
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration SHORTEST_SILENCE = Duration.ofMillis(4);

    /** About half a minute in all: long enough for a server's restart. */
    public static final Backoff STANDARD = new Backoff(10, Duration.ofMillis(100), Duration.ofSeconds(10));

    /** More doublings than this reach any sensible bound, and would overflow soon. */
    private static final int MOST_DOUBLINGS = 30;

    public Backoff {
        if (attempts < 1) {
            throw new IllegalArgumentException("a read takes at least 1 attempt, not " + attempts);
        }
        if (silence.compareTo(SHORTEST_SILENCE) < 0) {
            throw new IllegalArgumentException("a server needs at least " + SHORTEST_SILENCE + " for a byte");
        }
    }

    /** With 30 seconds of silence, as clients of S3 have it. */
    public Backoff(int attempts, Duration first, Duration longest) {
        this(attempts, first, longest, SILENCE);
    }

    /** The same, but for a server that may be silent for another time. */
    public Backoff withSilence(Duration other) {
        return new Backoff(attempts, first, longest, other);
    }

    /**
     * The pause after so many attempts in vain: half of it is fixed and half is chance, so that readers that broke
     * together don't come back together.
     *
     * @param failed at least 1
     */
    Duration pauseAfter(int failed) {
        long millis = Math.min(longest.toMillis(), first.toMillis() << Math.min(failed - 1, MOST_DOUBLINGS));
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis - millis / 2 + 1));
    }
}
