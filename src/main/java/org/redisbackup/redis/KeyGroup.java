package org.redisbackup.redis;

import org.redisbackup.rdb.KeyBatch;

/** The keys of the command that is being planned, which sets them at once and would not tell if one came twice. */
final class KeyGroup {
    /** With more, each costs the server hardly less, and one that exists holds up more others. */
    private static final int MOST = 32;

    private final int[] hashes = new int[MOST];
    private int size;

    /** Begins with this key. */
    void begin(KeyBatch batch, int i) {
        hashes[0] = hash(batch, i);
        size = 1;
    }

    /** Adds the key, unless there are enough or it seems to be in the group already: another of the same hash does, too. */
    boolean adds(KeyBatch batch, int i) {
        if (size == MOST) {
            return false;
        }
        int hash = hash(batch, i);
        for (int k = 0; k < size; k++) {
            if (hashes[k] == hash) {
                return false;
            }
        }
        hashes[size++] = hash;
        return true;
    }

    private static int hash(KeyBatch batch, int i) {
        byte[] arena = batch.arena();
        int hash = 1;
        int end = batch.keyOffset(i) + batch.keyLength(i);
        for (int at = batch.keyOffset(i); at < end; at++) {
            hash = 31 * hash + arena[at];
        }
        return hash;
    }
}
