package org.redisbackup.analysis;

import java.io.Serializable;
import java.util.Comparator;

/**
 * One of the largest keys of a backup.
 *
 * @param dump that it is of: null for the backup itself, empty for what it unpacks to, else the entry of an archive
 * @param db database number
 * @param key with bytes outside printable ASCII escaped
 * @param type what the {@code TYPE} command calls it
 * @param encoding how the backup holds the value
 * @param bytes of key and value as they lie in the backup
 * @param elements of the collection, or {@value ElementCount#UNKNOWN}
 * @param memory estimated bytes in a server
 * @param offset bytes from the start of the dump to the record
 */
public record LargeKey(
        String dump,
        int db,
        String key,
        String type,
        String encoding,
        long bytes,
        long elements,
        long memory,
        long offset)
        implements Serializable {
    /** The largest first. No two keys of a backup are equal, so that it does not matter in which order they come. */
    static final Comparator<LargeKey> LARGEST_FIRST = Comparator.comparingLong(LargeKey::bytes)
            .reversed()
            .thenComparing(LargeKey::dump, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(LargeKey::offset)
            .thenComparing(LargeKey::key);
}
