package org.redisbackup.rdb;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hash templates of one RDB stream: lists of field names that hashes of Redis 8.10 share, each with a number that
 * means something in this stream only. A file defines them before the hashes that refer to them.
 *
 * <p>Filled by the thread that reads the stream; any thread may look up what was defined before its batch was handed out.
 */
public final class HashTemplates {
    /** What a field name takes in memory besides its bytes, about. */
    private static final int OVERHEAD = 32;

    private final long maxBytes;
    private final Map<Long, List<byte[]>> byId = new ConcurrentHashMap<>();
    private long bytes;

    /** @param maxBytes that all templates may take in memory */
    HashTemplates(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * The field names of a template, in the order of the values of the hashes that refer to it.
     *
     * @param id any 64-bit number
     * @return null when there is no such template
     */
    public List<byte[]> fields(long id) {
        return byId.get(id);
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }

    long maxBytes() {
        return maxBytes;
    }

    /**
     * Counts a field name that is about to be defined.
     *
     * @return false when there is no room for it
     */
    boolean reserve(byte[] field) {
        bytes += OVERHEAD + field.length;
        return bytes <= maxBytes;
    }

    /**
     * @return false when the number was defined before
     */
    boolean define(long id, List<byte[]> fields) {
        return byId.putIfAbsent(id, List.copyOf(fields)) == null;
    }
}
