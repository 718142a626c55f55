package org.redisbackup.redis;

/** How the records of a delivery are sent in one go over them. */
enum Pass {
    /** {@code RESTORE}: keys that exist are left alone, and reported. */
    CAREFUL,
    /** {@code RESTORE REPLACE} of keys that a careful pass found to exist. */
    REPLACING,
    /** {@code EXISTS}, then {@code RESTORE REPLACE}: dearer for new keys, cheaper for those that exist. */
    ASKING;

    boolean replaces() {
        return this != CAREFUL;
    }
}
