package org.redisbackup.rdb.decode;

import org.redisbackup.rdb.Dialect;
import org.redisbackup.rdb.ValueType;

/**
 * What a server of version 2.8 or later understands of the commands that rebuild values.
 *
 * @param longHset {@code HSET} of many fields, else {@code HMSET}
 * @param unlink {@code UNLINK}
 * @param streams {@code XADD}, {@code XGROUP}, {@code XCLAIM}, {@code XSETID}
 * @param consumers {@code XGROUP CREATECONSUMER}
 * @param streamCounters {@code ENTRIESREAD} of {@code XGROUP CREATE}, {@code ENTRIESADDED} and {@code MAXDELETEDID} of
 *     {@code XSETID}
 * @param fieldExpiry {@code HPEXPIREAT}
 * @param arrays {@code ARMSET}
 */
public record TargetFeatures(
        boolean longHset,
        boolean unlink,
        boolean streams,
        boolean consumers,
        boolean streamCounters,
        boolean fieldExpiry,
        boolean arrays) {
    /**
     * The features of a server.
     *
     * @param version 208 for 2.8, 602 for 6.2, 900 for 9.0
     */
    public static TargetFeatures of(Dialect dialect, int version) {
        boolean redis = dialect == Dialect.REDIS;
        return new TargetFeatures(
                version >= 400,
                version >= 400,
                version >= 500,
                version >= 602,
                version >= 700,
                version >= (redis ? 704 : 900),
                redis && version >= 808);
    }

    /** Whether commands can rebuild values of this type there. */
    public boolean canHold(ValueType type) {
        return switch (type.logicalName()) {
            case "module" -> false;
            case "stream" -> streams;
            case "array" -> arrays;
            default -> true;
        };
    }
}
