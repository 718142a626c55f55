package org.redisbackup.rdb;

/**
 * The value types of RDB 1-15 and VALKEY080 and 081: the byte in front of a key, which says how its value is laid out.
 *
 * <p>Each knows the lowest RDB version whose readers understand it. That version is what a {@code RESTORE} payload is
 * stamped with: servers check the stamp and the type separately, so the lowest stamp reaches the most targets.
 */
public enum ValueType {
    STRING(0, "string", 6),
    LIST(1, "list", 6),
    SET(2, "set", 6),
    ZSET(3, "zset", 6),
    HASH(4, "hash", 6),
    ZSET_2(5, "zset", 8),
    MODULE_2(7, "module", 8),
    HASH_ZIPMAP(9, "hash", 6),
    LIST_ZIPLIST(10, "list", 6),
    SET_INTSET(11, "set", 6),
    ZSET_ZIPLIST(12, "zset", 6),
    HASH_ZIPLIST(13, "hash", 6),
    LIST_QUICKLIST(14, "list", 7),
    STREAM_LISTPACKS(15, "stream", 9),
    HASH_LISTPACK(16, "hash", 10),
    ZSET_LISTPACK(17, "zset", 10),
    LIST_QUICKLIST_2(18, "list", 10),
    STREAM_LISTPACKS_2(19, "stream", 10),
    SET_LISTPACK(20, "set", 11),
    STREAM_LISTPACKS_3(21, "stream", 11),
    HASH_METADATA_PRE_GA(22, "hash", 12, Dialect.REDIS),
    HASH_LISTPACK_EX_PRE_GA(23, "hash", 12, Dialect.REDIS),
    HASH_METADATA(24, "hash", 12, Dialect.REDIS),
    HASH_LISTPACK_EX(25, "hash", 12, Dialect.REDIS),
    STREAM_LISTPACKS_4(26, "stream", 13, Dialect.REDIS),
    STREAM_LISTPACKS_5(27, "stream", 14, Dialect.REDIS),
    ARRAY(28, "array", 14, Dialect.REDIS),
    /** A listpack of the number of a template, then one value for each of the template's fields. */
    HASH_TEMPLATE_LISTPACK(30, "hash", 15, Dialect.REDIS),
    /** The number of a template, then one value for each of the template's fields. */
    HASH_TEMPLATE_ARRAY(32, "hash", 15, Dialect.REDIS),
    VALKEY_HASH_2(22, "hash", 80, Dialect.VALKEY);

    private static final ValueType[] REDIS_BY_ID = byId(Dialect.REDIS);
    private static final ValueType[] VALKEY_BY_ID = byId(Dialect.VALKEY);

    private final int id;
    private final String logicalName;
    private final int stampVersion;
    private final Dialect onlyIn;

    ValueType(int id, String logicalName, int stampVersion) {
        this(id, logicalName, stampVersion, null);
    }

    ValueType(int id, String logicalName, int stampVersion, Dialect onlyIn) {
        this.id = id;
        this.logicalName = logicalName;
        this.stampVersion = stampVersion;
        this.onlyIn = onlyIn;
    }

    private static ValueType[] byId(Dialect dialect) {
        ValueType[] table = new ValueType[256];
        for (ValueType type : values()) {
            if (type.onlyIn == null || type.onlyIn == dialect) {
                table[type.id] = type;
            }
        }
        return table;
    }

    /**
     * The type that the newest files of this dialect mean by this byte.
     *
     * @param id 0-255
     * @return null when the dialect knows no such type
     */
    public static ValueType of(Dialect dialect, int id) {
        return (dialect == Dialect.VALKEY ? VALKEY_BY_ID : REDIS_BY_ID)[id];
    }

    /** The type byte, 0-255. */
    public int id() {
        return id;
    }

    /** What the {@code TYPE} command calls it, and {@code module} for values of modules. */
    public String logicalName() {
        return logicalName;
    }

    /** The lowest RDB version that knows the type: the version of its {@code RESTORE} payload. */
    public int stampVersion() {
        return stampVersion;
    }

    /** The one dialect that has the type, or null when both have it. */
    public Dialect onlyIn() {
        return onlyIn;
    }

    /** Whether the whole value is one length-prefixed string, so that its size is known before it is read. */
    public boolean isOneString() {
        return switch (this) {
            case STRING,
                    HASH_ZIPMAP,
                    LIST_ZIPLIST,
                    SET_INTSET,
                    ZSET_ZIPLIST,
                    HASH_ZIPLIST,
                    HASH_LISTPACK,
                    ZSET_LISTPACK,
                    SET_LISTPACK,
                    HASH_LISTPACK_EX_PRE_GA,
                    HASH_TEMPLATE_LISTPACK -> true;
            case LIST,
                    SET,
                    ZSET,
                    HASH,
                    ZSET_2,
                    MODULE_2,
                    LIST_QUICKLIST,
                    STREAM_LISTPACKS,
                    LIST_QUICKLIST_2,
                    STREAM_LISTPACKS_2,
                    STREAM_LISTPACKS_3,
                    HASH_METADATA_PRE_GA,
                    HASH_METADATA,
                    HASH_LISTPACK_EX,
                    STREAM_LISTPACKS_4,
                    STREAM_LISTPACKS_5,
                    ARRAY,
                    HASH_TEMPLATE_ARRAY,
                    VALKEY_HASH_2 -> false;
        };
    }

    /**
     * Whether {@code RESTORE} takes the value as it stands in a file. A hash that refers to a template of the file means
     * nothing without it.
     */
    public boolean isRestorable() {
        return this != HASH_TEMPLATE_LISTPACK && this != HASH_TEMPLATE_ARRAY;
    }
}
