package org.redisbackup.redis;

/**
 * How much goes to a target in a second at most, on average, and how long other clients may wait for it; 0 stands for no
 * limit.
 *
 * @param keysPerSecond keys, and commands of append-only files
 * @param bytesPerSecond bytes of keys, values and commands, as the backup holds them
 * @param latencyMillis milliseconds that the target may take to answer other clients before less is sent
 */
public record RateLimits(long keysPerSecond, long bytesPerSecond, long latencyMillis) {
    public static final RateLimits NONE = new RateLimits(0, 0, 0);

    public RateLimits {
        if (keysPerSecond < 0 || bytesPerSecond < 0 || latencyMillis < 0) {
            throw new IllegalArgumentException("a limit is 0, for none, or more");
        }
    }

    /** Whatever other clients wait. */
    public RateLimits(long keysPerSecond, long bytesPerSecond) {
        this(keysPerSecond, bytesPerSecond, 0);
    }
}
