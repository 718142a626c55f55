package org.redisbackup.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.redisbackup.redis.RateLimits;

/**
 * What of a task's {@link ImportOptions} may change while it runs.
 *
 * @param maxKeysPerSecond 0 for no limit from now on, null for the limit that there is
 * @param maxBytesPerSecond as for keys
 * @param maxLatencyMs as for keys
 */
public record LimitChange(
        @JsonProperty("max_keys_per_second") Long maxKeysPerSecond,
        @JsonProperty("max_bytes_per_second") Long maxBytesPerSecond,
        @JsonProperty("max_latency_ms") Long maxLatencyMs) {
    private static final LimitChange NONE = new LimitChange(null, null, null);

    public LimitChange {
        requireLimit(maxKeysPerSecond, Long.MAX_VALUE, "max_keys_per_second");
        requireLimit(maxBytesPerSecond, Long.MAX_VALUE, "max_bytes_per_second");
        requireLimit(maxLatencyMs, ImportOptions.MAX_LATENCY_MS, "max_latency_ms");
    }

    private static void requireLimit(Long value, long most, String option) {
        if (value != null) {
            ImportOptions.require(value, 0, most, option);
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
        if (change.equals(NONE)) {
            throw new IllegalArgumentException("expected max_keys_per_second, max_bytes_per_second or max_latency_ms");
        }
        return change;
    }

    /** Limits with this change. */
    RateLimits applyTo(RateLimits limits) {
        return new RateLimits(
                maxKeysPerSecond == null ? limits.keysPerSecond() : maxKeysPerSecond,
                maxBytesPerSecond == null ? limits.bytesPerSecond() : maxBytesPerSecond,
                maxLatencyMs == null ? limits.latencyMillis() : maxLatencyMs);
    }

    /** For a log. */
    @Override
    public String toString() {
        return limit(maxKeysPerSecond, "keys") + " and " + limit(maxBytesPerSecond, "bytes") + latency();
    }

    private String latency() {
        if (maxLatencyMs == null) {
            return "";
        }
        return maxLatencyMs == 0
                ? ", however late it answers others"
                : ", less when it answers others later than in " + maxLatencyMs + " ms";
    }

    private static String limit(Long value, String what) {
        if (value == null) {
            return "as many " + what;
        }
        return value == 0 ? "any number of " + what : value + " " + what + " a second";
    }
}
