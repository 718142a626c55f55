package org.redisbackup.redis.rules;

import java.util.Map;

/**
 * Which database of the target takes the keys of which database of the backup.
 *
 * @param pairs database of the backup to database of the target
 * @param others for all databases that have no pair: one database; null to keep each where it is
 */
public record DatabaseMap(Map<Integer, Integer> pairs, Integer others) {
    /** Every database keeps its number. */
    public static final DatabaseMap SAME = new DatabaseMap(Map.of(), null);

    /** @throws IllegalArgumentException when a number is negative */
    public DatabaseMap {
        pairs = Map.copyOf(pairs);
        if ((others != null && others < 0)
                || pairs.keySet().stream().anyMatch(db -> db < 0)
                || pairs.values().stream().anyMatch(db -> db < 0)) {
            throw new IllegalArgumentException("a database is 0 or a larger number");
        }
    }

    /** All keys go into one database. */
    public static DatabaseMap allInto(int db) {
        return new DatabaseMap(Map.of(), db);
    }

    boolean changesNothing() {
        return pairs.isEmpty() && others == null;
    }

    int of(int db) {
        Integer mapped = pairs.get(db);
        if (mapped != null) {
            return mapped;
        }
        return others == null ? db : others;
    }
}
