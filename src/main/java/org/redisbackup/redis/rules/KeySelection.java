package org.redisbackup.redis.rules;

import java.util.List;
import java.util.Set;
import org.redisbackup.rdb.KeyBatch;

/**
 * Keys that some rules name: those of any of the patterns, of any of the types and in any of the databases. What is
 * empty names all.
 *
 * @param patterns of keys
 * @param types as {@link org.redisbackup.rdb.ValueType#logicalName} says them
 * @param databases of the backup
 */
public record KeySelection(List<KeyPattern> patterns, Set<String> types, Set<Integer> databases) {
    /** Names all keys. */
    public static final KeySelection ALL = new KeySelection(List.of(), Set.of(), Set.of());

    public KeySelection {
        patterns = List.copyOf(patterns);
        types = Set.copyOf(types);
        databases = Set.copyOf(databases);
    }

    boolean contains(KeyBatch batch, int i) {
        return (databases.isEmpty() || databases.contains(batch.db(i)))
                && (types.isEmpty() || types.contains(batch.type(i).logicalName()))
                && (patterns.isEmpty() || isOfAPattern(batch.arena(), batch.keyOffset(i), batch.keyLength(i)));
    }

    private boolean isOfAPattern(byte[] arena, int offset, int length) {
        for (KeyPattern pattern : patterns) {
            if (pattern.matches(arena, offset, length)) {
                return true;
            }
        }
        return false;
    }
}
