package org.redisbackup.aof;

/** Where a command names its first key: for messages, so a command that is not known here counts as the common case. */
final class FirstKey {
    /** The command names none. */
    static final int NONE = -1;

    /** The word of scripts and functions that says how many keys follow. */
    static final int KEY_COUNT = 2;

    private FirstKey() {}

    /**
     * @param name in upper case
     * @return the index of the word, the name being word 0, or {@link #NONE}
     */
    static int of(String name) {
        return switch (name) {
            case "FLUSHALL", "FLUSHDB", "SWAPDB", "SCRIPT", "FUNCTION", "PUBLISH", "SPUBLISH", "PING" -> NONE;
            case "XGROUP", "BITOP" -> 2;
            case "EVAL", "EVALSHA", "FCALL" -> 3;
            default -> 1;
        };
    }

    /** Whether word {@link #KEY_COUNT} of the command may say that there is no key. */
    static boolean isCounted(String name) {
        return of(name) > KEY_COUNT;
    }
}
