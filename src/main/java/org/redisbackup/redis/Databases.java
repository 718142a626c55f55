package org.redisbackup.redis;

import java.util.HashMap;
import java.util.Map;

/** What one connection knows about the numbered databases of its target. Used by the writing thread alone. */
final class Databases {
    private static final String NONE = "";

    private final Map<Integer, String> refusals = new HashMap<>();
    private int selected;

    Databases() {
        refusals.put(0, NONE);
    }

    /** Whether the target was asked for this database. */
    boolean isKnown(int db) {
        return refusals.containsKey(db);
    }

    /** Why keys can't be put into a {@link #isKnown known} database, or null when they can. */
    String refusal(int db) {
        String refusal = refusals.get(db);
        return refusal.equals(NONE) ? null : refusal;
    }

    void usable(int db) {
        refusals.put(db, NONE);
    }

    void refused(int db, String reason) {
        refusals.put(db, reason);
    }

    /** The database that is selected once everything written so far was executed. */
    int selected() {
        return selected;
    }

    void select(int db) {
        selected = db;
    }
}
