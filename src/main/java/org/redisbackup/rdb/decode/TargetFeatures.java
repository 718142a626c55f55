package org.redisbackup.rdb.decode;

import org.redisbackup.rdb.Dialect;
import org.redisbackup.rdb.ValueType;

/**
 * What a server of version 5.0 or later understands of the commands that rebuild values.
 *
 * @param consumers {@code XGROUP CREATECONSUMER}
 * @param streamCounters {@code ENTRIESREAD} of {@code XGROUP CREATE}, {@code ENTRIESADDED} and {@code MAXDELETEDID} of
 *     {@code XSETID}
 * @param fieldExpiry {@code HPEXPIREAT}
 * @param arrays {@code ARMSET}
 */
public record TargetFeatures(boolean consumers, boolean streamCounters, boolean fieldExpiry, boolean arrays) {
    /**
     * The features of a server.
     *
     * @param version 602 for 6.2, 900 for 9.0
     */
    public static TargetFeatures of(Dialect dialect, int version) {
        boolean redis = dialect == Dialect.REDIS;
        return new TargetFeatures(
                version >= 602, version >= 700, version >= (redis ? 704 : 900), redis && version >= 808);
    }

    /** Whether commands can rebuild values of this type there. */
    public boolean canHold(ValueType type) {
        return ValueDecoder.isDecodable(type) && (type != ValueType.ARRAY || arrays);
    }
}
