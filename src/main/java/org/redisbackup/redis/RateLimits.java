package org.redisbackup.redis;

/**
 * How much goes to a target in a second at most, on average; 0 stands for no limit.
 *
 * @param keysPerSecond keys, and commands of append-only files
 * @param bytesPerSecond bytes of keys, values and commands, as the backup holds them
 */
public record RateLimits(long keysPerSecond, long bytesPerSecond) {
    public static final RateLimits NONE = new RateLimits(0, 0);

    public RateLimits {
        if (keysPerSecond < 0 || bytesPerSecond < 0) {
            throw new IllegalArgumentException("a limit a second is 0, for none, or more");
        }
    }
}
