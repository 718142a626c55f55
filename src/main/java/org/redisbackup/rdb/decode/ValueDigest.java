package org.redisbackup.rdb.decode;

/**
 * What a value holds in short, however it is encoded: two values with equal digests hold the same, but for what {@link
 * ValueDigester} leaves out.
 *
 * @param hash of the elements; not made to withstand an attacker
 * @param count bytes of a string, elements of a list or array, members, fields that have not ended, entries of a stream
 * @param endedFields fields of a hash that are left out because their time is over
 * @param bytes that all elements take together
 */
public record ValueDigest(long hash, long count, long endedFields, long bytes) {
    /** Whether the values are the same, of the same type: fields that have ended may be there or not. */
    public boolean holdsTheSameAs(ValueDigest other) {
        return hash == other.hash && count == other.count;
    }

    /** Whether a server that tells this length of the value may hold it: it counts ended fields until it removes them. */
    public boolean mayHaveLength(long length) {
        return length >= count && length <= count + endedFields;
    }
}
