package org.redisbackup.source;

/** Is told how the reading of an object fares: by any thread, but by one at a time. */
@FunctionalInterface
public interface ReadEvents {
    /**
     * A connection broke, and another is going to be tried.
     *
     * @param what one sentence
     */
    void broke(String what);

    /** Bytes come again. */
    default void goesOn() {}
}
