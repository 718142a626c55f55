package org.redisbackup.rdb.decode;

/** What a value has in the backup and not on the target, when it was rebuilt by commands. */
public enum Loss {
    /** No command sets when a key was last used, or how often. */
    KEY_USE("idle time or access counter", true),
    /** Fields end at no time: the target has no times of fields. */
    FIELD_EXPIRY("times at which fields end", false),
    /** When consumers last asked for entries, and last got some: no command sets that. */
    CONSUMER_TIMES("when consumers last asked", true),
    /** Consumers without pending entries: targets before Redis 6.2 create consumers only for entries. */
    IDLE_CONSUMERS("consumers without pending entries", false),
    /** Pending entries that the stream no longer has, of a stream that could not be read twice. */
    PENDING_OF_DELETED("pending entries that the stream no longer has", false),
    /** Pending entries with the id 0-0, which no command gives. */
    PENDING_OF_ZERO("pending entries with the id 0-0", false),
    /** Pending entries that a consumer gave back: no command leaves them without an owner. */
    GIVEN_BACK("pending entries that a consumer gave back", false),
    /** Ids by which producers add entries once only. */
    PRODUCERS("ids by which producers add entries once only", false),
    /** How many entries were ever added, the greatest one deleted and what groups have read: Redis 7.0 and later. */
    STREAM_COUNTERS("counters of added, deleted and read entries", false),
    /** Where the next element of an array would be added. */
    ARRAY_INSERT_INDEX("where the array is added to next", false),
    /** The sign of a score of -0, which {@code ZADD} does not keep in a small sorted set. */
    NEGATIVE_ZERO("the sign of a score of -0", true);

    private final String what;
    private final boolean negligible;

    Loss(String what, boolean negligible) {
        this.what = what;
        this.negligible = negligible;
    }

    /** What is lost, as part of a sentence. */
    public String what() {
        return what;
    }

    /** Whether no answer of the target depends on it, but those about its own housekeeping. */
    public boolean isNegligible() {
        return negligible;
    }
}
