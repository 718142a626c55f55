package org.redisbackup.rdb;

/** The markers between key records: bytes that are no value type. */
enum Opcode {
    /** Valkey: slots in the middle of an import; not about the next key. */
    SLOT_IMPORT(243, Dialect.VALKEY),
    /** Redis 7.4 and later in cluster mode: a hint about the keys of a slot. */
    SLOT_INFO(244, Dialect.REDIS),
    /** A function library: its source code. */
    FUNCTION(245, null),
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

    private final int id;
    private final Dialect onlyIn;

    Opcode(int id, Dialect onlyIn) {
        this.id = id;
        this.onlyIn = onlyIn;
    }

    /** The marker that a file of this dialect means by this byte, or null. */
    static Opcode of(Dialect dialect, int id) {
        for (Opcode opcode : values()) {
            if (opcode.id == id && (opcode.onlyIn == null || opcode.onlyIn == dialect)) {
                return opcode;
            }
        }
        return null;
    }
}
