package org.redisbackup.redis;

/** How the records of a delivery are sent in one go over them. */
enum Pass {
    /** As {@link #CAREFUL}, but many small strings at once: a group of which one exists is left alone as a whole. */
    GROUPED,
    /** {@code RESTORE} or {@code SET NX}: keys that exist are left alone, and reported. */
    CAREFUL,
    /** {@code RESTORE REPLACE} or {@code SET} of keys that an earlier pass found to exist. */
    REPLACING,
    /** {@code EXISTS}, then as {@link #REPLACING}: dearer for new keys, cheaper for those that exist. */
    ASKING;

    boolean replaces() {
        return this == REPLACING || this == ASKING;
    }
}
