package org.redisbackup.task;

import org.redisbackup.index.KeyIndex;

/** What a run with {@link Incremental#KEYS} goes by: the index of the import before, and the one that it makes. */
final class Increment {
    private final KeyIndex before;
    private final boolean comparable;
    private final String id;
    private final KeyIndex index;
    private int imported;
    private boolean failed;

    /**
     * @param before of the last import that succeeded, or null
     * @param comparable whether the target still holds what it says
     * @param id of the index that is made
     */
    Increment(KeyIndex before, boolean comparable, String id, KeyIndex index) {
        this.before = before;
        this.comparable = comparable;
        this.id = id;
        this.index = index;
    }

    /** A run that sends everything and makes no index. */
    static Increment none() {
        return new Increment(null, false, null, null);
    }

    /** Whether an index is made. */
    boolean isIndexed() {
        return index != null;
    }

    /** The index of the import before, or null. */
    KeyIndex before() {
        return before;
    }

    /** Whether keys that are as in the index before need not be sent. */
    boolean isComparable() {
        return comparable;
    }

    String id() {
        return id;
    }

    KeyIndex index() {
        return index;
    }

    /** A file was imported, and all its keys are on the target, or not all. */
    synchronized void imported(boolean whole) {
        imported++;
        failed |= !whole;
    }

    /** Whether that was the last of so many files, and all keys of all of them are on the target. */
    synchronized boolean isWhole(int files) {
        return imported == files && !failed;
    }
}
