package org.redisbackup.rdb;

/** What happens to a file whose version is newer than all that are known. */
public enum UnknownVersion {
    /** It is refused before anything is read. */
    FAIL,
    /**
     * It is read by the rules of the newest known version. That ends at the first type or opcode that is new, or, where
     * the layout of a known one has changed, anywhere.
     */
    CONTINUE
}
