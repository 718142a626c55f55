package org.redisbackup.rdb;

/** What stands in front of a value: filled by the reader, copied into a batch. One is reused for a whole file. */
final class RecordHead {
    byte[] key;
    int db;
    ValueType type;
    long expireAt;
    long idleSeconds;
    int frequency;
    long offset;
}
