package org.redisbackup.redis;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * What comparing keys of a backup with the target gave. Adding up is associative, and {@link #NONE} its neutral element.
 *
 * @param keys that were compared
 * @param byLength of them, those whose values were compared by type and length only: they are large, or of modules
 * @param different of them, those that are not on the target as the backup has them
 * @param differences the first {@value #MAX_DIFFERENCES} of those
 */
public record ComparisonResult(long keys, long byLength, long different, List<KeyDifference> differences)
        implements Serializable {
    /** How many differences a result names; it counts all of them. */
    public static final int MAX_DIFFERENCES = 100;

    public static final ComparisonResult NONE = new ComparisonResult(0, 0, 0, List.of());

    public ComparisonResult {
        differences = List.copyOf(differences);
    }

    public ComparisonResult plus(ComparisonResult other) {
        return new ComparisonResult(
                keys + other.keys,
                byLength + other.byLength,
                different + other.different,
                Stream.concat(differences.stream(), other.differences.stream())
                        .limit(MAX_DIFFERENCES)
                        .toList());
    }
}
