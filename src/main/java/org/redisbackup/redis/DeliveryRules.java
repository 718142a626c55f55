package org.redisbackup.redis;

import java.util.Objects;

/**
 * How the keys of a backup are put on a target.
 *
 * @param conflictPolicy what happens to keys that the target holds
 * @param rebuildsAll whether values are rebuilt by commands even where {@code RESTORE} would do; those of modules never
 *     are
 * @param maxRestoreBytes a longer value, unless it is a string, is rebuilt by commands, because the target does nothing
 *     else while it restores one
 * @param lossPolicy what happens to a key of which something would be lost
 */
public record DeliveryRules(
        ConflictPolicy conflictPolicy, boolean rebuildsAll, long maxRestoreBytes, LossPolicy lossPolicy) {
    /** The standard {@link #maxRestoreBytes}. */
    public static final long MAX_RESTORE_BYTES = 32L << 20;

    public DeliveryRules {
        Objects.requireNonNull(conflictPolicy);
        Objects.requireNonNull(lossPolicy);
    }

    /** The standard rules, but for what is said here. */
    public static DeliveryRules of(ConflictPolicy conflictPolicy) {
        return new DeliveryRules(conflictPolicy, false, MAX_RESTORE_BYTES, LossPolicy.KEEP);
    }
}
