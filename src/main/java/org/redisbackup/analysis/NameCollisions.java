package org.redisbackup.analysis;

import org.redisbackup.rdb.Crc64;
import org.redisbackup.rdb.KeyBatch;

/**
 * Counts keys of one backup that get the name and the database of another, by renaming or because databases are folded
 * into one. Exact up to {@value #MAX} keys; of more, a share is looked at that the hash of the name chooses, so that
 * memory stays at 6 MB. For one thread.
 */
public final class NameCollisions {
    private static final int MAX = 1 << 18;
    private static final int MASK = 2 * MAX - 1;
    private static final long EMPTY = 0;
    private static final long SPREAD = 0x9e3779b97f4a7c15L;

    /**
     * What was found.
     *
     * @param keys that meet an earlier one of the same name; the conflict policy decides which stays
     * @param estimated whether the number is extrapolated from a share of the keys
     */
    public record Count(long keys, boolean estimated) {}

    private long[] hashes = new long[2 * MAX];
    private int[] more = new int[2 * MAX]; // keys of a hash beside the first
    private int size;
    private int halvings;

    /** Adds the keys of a batch that are not excluded, under the names that they have got. */
    public void add(KeyBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            if (!batch.isExcluded(i)) {
                long seed = Crc64.update(batch.db(i) + 1L, 0);
                long crc = Crc64.update(seed, batch.arena(), batch.keyOffset(i), batch.keyLength(i));
                long hash = crc * SPREAD;
                add(hash == EMPTY ? 1 : hash, 0);
            }
        }
    }

    private void add(long hash, int alreadyMore) {
        if (!isChosen(hash)) {
            return;
        }
        int slot = (int) (hash >>> 32) & MASK;
        while (hashes[slot] != EMPTY) {
            if (hashes[slot] == hash) {
                more[slot]++;
                return;
            }
            slot = (slot + 1) & MASK;
        }
        hashes[slot] = hash;
        more[slot] = alreadyMore;
        if (++size > MAX) {
            halve();
        }
    }

    /** By bits that choose no slot. */
    private boolean isChosen(long hash) {
        return (hash & ((1L << halvings) - 1)) == 0;
    }

    private void halve() {
        halvings++;
        long[] all = hashes;
        int[] theirs = more;
        hashes = new long[2 * MAX];
        more = new int[2 * MAX];
        size = 0;
        for (int slot = 0; slot < all.length; slot++) {
            if (all[slot] != EMPTY) {
                add(all[slot], theirs[slot]);
            }
        }
    }

    public Count count() {
        long found = 0;
        for (int one : more) {
            found += one;
        }
        return new Count(found << halvings, halvings > 0);
    }
}
