package org.redisbackup.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.redisbackup.redis.RateLimits;

/**
 * What of a task's {@link ImportOptions} may change while it runs.
 *
 * @param maxKeysPerSecond 0 for no limit from now on, null for the limit that there is
 * @param maxBytesPerSecond as for keys
 */
public record LimitChange(
        @JsonProperty("max_keys_per_second") Long maxKeysPerSecond,
        @JsonProperty("max_bytes_per_second") Long maxBytesPerSecond) {
    public LimitChange {
        requireLimit(maxKeysPerSecond, "max_keys_per_second");
        requireLimit(maxBytesPerSecond, "max_bytes_per_second");
    }

    private static void requireLimit(Long value, String option) {
        if (value != null) {
            ImportOptions.require(value, 0, Long.MAX_VALUE, option);
        }
    }

    /**
     * Reads a change as requests have it.
     *
     * @throws IllegalArgumentException with a sentence without its full stop when it names anything else, or
     *     nothing
     */
    public static LimitChange of(Map<String, Object> requested) {
        LimitChange change = ImportOptions.read(requested, LimitChange.class);
        if (change.maxKeysPerSecond() == null && change.maxBytesPerSecond() == null) {
            throw new IllegalArgumentException("expected max_keys_per_second or max_bytes_per_second");
        }
        return change;
    }

    /** Limits with this change. */
    RateLimits applyTo(RateLimits limits) {
        return new RateLimits(
                maxKeysPerSecond == null ? limits.keysPerSecond() : maxKeysPerSecond,
                maxBytesPerSecond == null ? limits.bytesPerSecond() : maxBytesPerSecond);
    }

    /** For a log. */
    @Override
    public String toString() {
        return limit(maxKeysPerSecond, "keys") + " and " + limit(maxBytesPerSecond, "bytes");
    }

    private static String limit(Long value, String what) {
        if (value == null) {
            return "as many " + what;
        }
        return value == 0 ? "any number of " + what : value + " " + what + " a second";
    }
}
