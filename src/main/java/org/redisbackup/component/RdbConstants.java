package org.redisbackup.component;

/** Headers that the data format reads, in place of its own options. */
public final class RdbConstants {
    /** An {@link org.redisbackup.rdb.UnknownVersion}, or its name. */
    public static final String UNKNOWN_VERSION = "CamelRdbUnknownVersion";

    /** A {@link org.redisbackup.rdb.ValidationPolicy}, or its name. */
    public static final String ON_INVALID_VALUE = "CamelRdbOnInvalidValue";

    private RdbConstants() {}
}
