package org.redisbackup.rdb.decode;

/** What a value has in the backup and not on the target, when it was rebuilt by commands. */
public enum Loss {
    /** Fields end at no time: the target has no times of fields. */
    FIELD_EXPIRY,
    /** When consumers last asked for entries, and last got some: no command sets that. */
    CONSUMER_TIMES,
    /** Consumers without pending entries: targets before Redis 6.2 create consumers only for entries. */
    IDLE_CONSUMERS,
    /** Pending entries that the stream no longer has, of a stream that could not be read twice. */
    PENDING_OF_DELETED,
    /** Pending entries with the id 0-0, which no command gives. */
    PENDING_OF_ZERO,
    /** Pending entries that a consumer gave back: no command leaves them without an owner. */
    GIVEN_BACK,
    /** Ids by which producers add entries once only. */
    PRODUCERS,
    /** How many entries were ever added, the greatest one deleted and what groups have read: Redis 7.0 and later. */
    STREAM_COUNTERS,
    /** Where the next element of an array would be added. */
    ARRAY_INSERT_INDEX,
    /** The sign of a score of -0, which {@code ZADD} does not keep in a small sorted set. */
    NEGATIVE_ZERO
}
