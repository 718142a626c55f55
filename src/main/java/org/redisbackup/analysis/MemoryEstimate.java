package org.redisbackup.analysis;

import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.ValueType;

/**
 * What a key takes in the memory of a server, roughly: for a comparison of keys and an order of magnitude, not for a bill.
 * It is the sum of
 *
 * <ul>
 *   <li>the key, and 64 bytes for its place in the table of keys, the object and the headers of its strings; 40 more for
 *       an expiry;
 *   <li>the value's bytes in the file, unpacked when it is one compressed string;
 *   <li>for each element of a value that is held in a table of its own, what the server adds: 48 bytes for a member of a
 *       set, 72 for a field of a hash, 96 for a member of a zset.
 * </ul>
 *
 * Compressed parts of larger values count as they lie in the file, so lists of long texts may take several times as much.
 */
final class MemoryEstimate {
    private static final int KEY = 64;
    private static final int EXPIRY = 40;
    private static final int SET_MEMBER = 48;
    private static final int HASH_FIELD = 72;
    private static final int ZSET_MEMBER = 96;

    private MemoryEstimate() {}

    /** @param elements as {@link ElementCount} has them */
    static long of(KeyBatch batch, int i, long elements) {
        long key = (long) batch.keyLength(i) + KEY + (batch.expireAt(i) == KeyBatch.NO_EXPIRY ? 0 : EXPIRY);
        return key + value(batch, i) + Math.max(0, elements) * overhead(batch.type(i));
    }

    private static long value(KeyBatch batch, int i) {
        if (!batch.type(i).isOneString() || !ElementCount.isHere(batch, i)) {
            return batch.valueLength(i);
        }
        int start = batch.valueOffset(i);
        return ElementCount.unpackedString(batch.arena(), start, start + (int) batch.valueLength(i));
    }

    private static int overhead(ValueType type) {
        return switch (type) {
            case SET -> SET_MEMBER;
            case HASH, HASH_METADATA, HASH_METADATA_PRE_GA, VALKEY_HASH_2 -> HASH_FIELD;
            case ZSET, ZSET_2 -> ZSET_MEMBER;
            case STRING,
                    LIST,
                    MODULE_2,
                    HASH_ZIPMAP,
                    LIST_ZIPLIST,
                    SET_INTSET,
                    ZSET_ZIPLIST,
                    HASH_ZIPLIST,
                    LIST_QUICKLIST,
                    STREAM_LISTPACKS,
                    HASH_LISTPACK,
                    ZSET_LISTPACK,
                    LIST_QUICKLIST_2,
                    STREAM_LISTPACKS_2,
                    SET_LISTPACK,
                    STREAM_LISTPACKS_3,
                    STREAM_LISTPACKS_4,
                    STREAM_LISTPACKS_5,
                    ARRAY,
                    HASH_TEMPLATE_LISTPACK,
                    HASH_TEMPLATE_ARRAY,
                    HASH_LISTPACK_EX_PRE_GA,
                    HASH_LISTPACK_EX -> 0;
        };
    }
}
