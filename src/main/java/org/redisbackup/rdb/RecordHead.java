package org.redisbackup.rdb;

/** What stands in front of a value: filled by the reader, copied into a batch. One is reused for a whole file. */
final class RecordHead {
    /** The selected database outlives the record. */
    int db;

    /** Unix milliseconds at which the file was written, or -1 as long as it has not said; outlives the record, too. */
    long written = -1;

    ValueType type;
    long offset;
    long expireAt;
    long idleSeconds;
    int frequency;
    /** Whether modules have attached something to the key. */
    boolean metadata;
    /** The key, only while its record waits for a batch of its own. */
    byte[] key;

    /** Forgets what was said about one key. */
    void clear() {
        expireAt = KeyBatch.NO_EXPIRY;
        idleSeconds = -1;
        frequency = -1;
        metadata = false;
    }
}
