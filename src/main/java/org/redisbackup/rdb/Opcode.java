package org.redisbackup.rdb;

/** The markers between key records: bytes that are no value type. */
enum Opcode {
    /** Redis Enterprise: seconds since the next key was last used, on a scale of its own. */
    ENTERPRISE_USE(107, Dialect.REDIS),
    /** Redis Enterprise: the slot of the keys that follow. */
    ENTERPRISE_SLOT(121, Dialect.REDIS),
    /** Redis 8.10: field names that hashes refer to by a number. */
    HASH_TEMPLATE(242, Dialect.REDIS),
    /** Redis 8.6 and later: what modules have attached to the next key. */
    KEY_METADATA(243, Dialect.REDIS),
    /** Valkey: slots in the middle of an import; not about the next key. */
    SLOT_IMPORT(243, Dialect.VALKEY),
    /** Redis 7.4 and later in cluster mode: a hint about the keys of a slot. */
    SLOT_INFO(244, Dialect.REDIS),
    /** A function library: its source code. */
    FUNCTION(245, null),
    /** A function library as the release candidates of Redis 7.0 wrote it: name and engine apart from the code. */
    FUNCTION_PRE_GA(246, null),
    /** Data of a module that belongs to no key. */
    MODULE_AUX(247, null),
    /** Seconds since the next key was last used. */
    IDLE(248, null),
    /** Access counter of the next key. */
    FREQUENCY(249, null),
    /** A named property of the file. */
    AUX(250, null),
    /** A hint how many keys follow. */
    RESIZE_DB(251, null),
    /** Expiry of the next key in milliseconds. */
    EXPIRE_MS(252, null),
    /** Expiry of the next key in seconds. */
    EXPIRE_SECONDS(253, null),
    SELECT_DB(254, null),
    END_OF_FILE(255, null);

    private static final Opcode[] REDIS_BY_ID = byId(Dialect.REDIS);
    private static final Opcode[] VALKEY_BY_ID = byId(Dialect.VALKEY);

    private final int id;
    private final Dialect onlyIn;

    Opcode(int id, Dialect onlyIn) {
        this.id = id;
        this.onlyIn = onlyIn;
    }

    private static Opcode[] byId(Dialect dialect) {
        Opcode[] table = new Opcode[256];
        for (Opcode opcode : values()) {
            if (opcode.onlyIn == null || opcode.onlyIn == dialect) {
                table[opcode.id] = opcode;
            }
        }
        return table;
    }

    /** The marker that a file of this dialect means by this byte, or null. */
    static Opcode of(Dialect dialect, int id) {
        return (dialect == Dialect.VALKEY ? VALKEY_BY_ID : REDIS_BY_ID)[id];
    }
}
