package org.redisbackup.rdb;

/** What a reader does about a value that a server would refuse or come to harm by. */
public enum ValidationPolicy {
    /** Refuses the file there: a server would not load it either. */
    FAIL,
    /** Hands the key out without its value, to be reported as failed with what is wrong. */
    SKIP,
    /** Does not look. */
    OFF
}
