package org.redisbackup.redis;

import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many keys ended in each way: one number for each {@link KeyOutcome}. */
public record OutcomeCounts(
        long imported,
        long replaced,
        long skipped,
        long expired,
        long filtered,
        long unchanged,
        long unsupported,
        long failed)
        implements Serializable {
    public static final OutcomeCounts NONE = new OutcomeCounts(0, 0, 0, 0, 0, 0, 0, 0);

    /** Of keys that all ended in this way. */
    public static OutcomeCounts of(KeyOutcome outcome, long keys) {
        return switch (outcome) {
            case IMPORTED -> new OutcomeCounts(keys, 0, 0, 0, 0, 0, 0, 0);
            case REPLACED -> new OutcomeCounts(0, keys, 0, 0, 0, 0, 0, 0);
            case SKIPPED -> new OutcomeCounts(0, 0, keys, 0, 0, 0, 0, 0);
            case EXPIRED -> new OutcomeCounts(0, 0, 0, keys, 0, 0, 0, 0);
            case FILTERED -> new OutcomeCounts(0, 0, 0, 0, keys, 0, 0, 0);
            case UNCHANGED -> new OutcomeCounts(0, 0, 0, 0, 0, keys, 0, 0);
            case UNSUPPORTED -> new OutcomeCounts(0, 0, 0, 0, 0, 0, keys, 0);
            case FAILED -> new OutcomeCounts(0, 0, 0, 0, 0, 0, 0, keys);
        };
    }

    /** All keys that ended, in whatever way. */
    public long total() {
        return imported + replaced + skipped + expired + filtered + unchanged + unsupported + failed;
    }

    public OutcomeCounts plus(OutcomeCounts other) {
        return new OutcomeCounts(
                imported + other.imported,
                replaced + other.replaced,
                skipped + other.skipped,
                expired + other.expired,
                filtered + other.filtered,
                unchanged + other.unchanged,
                unsupported + other.unsupported,
                failed + other.failed);
    }

    /** The counts that are not 0, by outcome. */
    public SortedMap<KeyOutcome, Long> nonZero() {
        SortedMap<KeyOutcome, Long> counts = new TreeMap<>();
        for (KeyOutcome outcome : KeyOutcome.values()) {
            long count =
                    switch (outcome) {
                        case IMPORTED -> imported;
                        case REPLACED -> replaced;
                        case SKIPPED -> skipped;
                        case EXPIRED -> expired;
                        case FILTERED -> filtered;
                        case UNCHANGED -> unchanged;
                        case UNSUPPORTED -> unsupported;
                        case FAILED -> failed;
                    };
            if (count != 0) {
                counts.put(outcome, count);
            }
        }
        return counts;
    }
}
