package org.redisbackup.redis.rules;

import java.util.Arrays;
import org.redisbackup.rdb.KeyBatch;

/**
 * Which keys of a backup are imported, and what they are on the target.
 *
 * @param include keys to import
 * @param exclude keys of those to leave out, or null for none
 */
public record KeyRules(
        KeySelection include, KeySelection exclude, KeyRenaming renaming, DatabaseMap databases, TtlPolicy ttl) {
    /** All keys, as they are. */
    public static final KeyRules NONE =
            new KeyRules(KeySelection.ALL, null, KeyRenaming.NONE, DatabaseMap.SAME, TtlPolicy.KEEP);

    public boolean changesNothing() {
        return equals(NONE);
    }

    /** Whether two keys of a backup may get the same name. */
    public boolean mayCollide() {
        return !renaming.equals(KeyRenaming.NONE) || !databases.changesNothing();
    }

    /**
     * Excludes and changes the records of a batch that was not delivered yet.
     *
     * @param now Unix milliseconds
     */
    public void apply(KeyBatch batch, long now) {
        if (changesNothing()) {
            return;
        }
        for (int i = 0; i < batch.size(); i++) {
            if (!include.contains(batch, i) || (exclude != null && exclude.contains(batch, i))) {
                batch.exclude(i);
            } else {
                change(batch, i, now);
            }
        }
    }

    private void change(KeyBatch batch, int i, long now) {
        byte[] key = batch.key(i);
        if (!ttl.changesNothing()) {
            long written = batch.written() < 0 ? now : batch.written();
            batch.setExpiry(i, ttl.expiry(batch.expireAt(i), written, now, Arrays.hashCode(key)));
        }
        byte[] name = renaming.renamed(key, 0, key.length);
        if (name != null) {
            batch.rename(i, name);
        }
        int db = databases.of(batch.db(i));
        if (db != batch.db(i)) {
            batch.moveTo(i, db);
        }
    }
}
