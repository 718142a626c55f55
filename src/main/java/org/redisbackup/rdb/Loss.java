package org.redisbackup.rdb;

/** What a key can lose on its way to the target while it counts as imported. */
public enum Loss {
    /** Metadata that modules of Redis 8.6 and later attach to a key: no payload of {@code RESTORE} carries it. */
    MODULE_METADATA("the metadata of their modules", true),
    /** No command sets when a key was last used, or how often. */
    KEY_USE("their idle time or access counter", true),
    /** Fields end at no time: the target has no times of fields. */
    FIELD_EXPIRY("the times at which fields end", false),
    /** When consumers last asked for entries, and last got some: no command sets that. */
    CONSUMER_TIMES("the times at which consumers last asked", true),
    /** Consumers without pending entries: targets before Redis 6.2 create consumers only for entries. */
    IDLE_CONSUMERS("consumers that have no pending entries", false),
    /** Pending entries that the stream no longer has, of a stream that could not be read twice. */
    PENDING_OF_DELETED("pending entries that were deleted", false),
    /** Pending entries with the id 0-0, which no command gives. */
    PENDING_OF_ZERO("pending entries with the id 0-0", false),
    /** Pending entries that a consumer gave back: no command leaves them without an owner. */
    GIVEN_BACK("pending entries that consumers gave back", false),
    /** Ids by which producers add entries once only. */
    PRODUCERS("the ids by which producers add entries once only", false),
    /** How many entries were ever added, the greatest one deleted and what groups have read: Redis 7.0 and later. */
    STREAM_COUNTERS("the counters of added, deleted and read entries", false),
    /** Where the next element of an array would be added. */
    ARRAY_INSERT_INDEX("the index at which elements are added next", false),
    /** The sign of a score of -0, which {@code ZADD} does not keep in a small sorted set. */
    NEGATIVE_ZERO("the sign of scores of -0", true);

    private final String text;
    private final boolean negligible;

    Loss(String text, boolean negligible) {
        this.text = text;
        this.negligible = negligible;
    }

    /** Names it, for a sentence such as "3 keys came without ...". */
    public String text() {
        return text;
    }

    /** Whether it is counted, but no case for a policy: what a client reads is the same without it. */
    public boolean isNegligible() {
        return negligible;
    }
}
