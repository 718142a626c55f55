package org.redisbackup.rdb.decode;

/**
 * What a stream knows of itself. All numbers are unsigned.
 *
 * @param length live entries; real files of old servers may be wrong
 * @param counters null in files before Redis 7.0
 */
public record StreamState(long length, long lastMillis, long lastSequence, Counters counters) {
    /**
     * What servers since Redis 7.0 know.
     *
     * @param entriesAdded ever
     */
    public record Counters(
            long firstMillis, long firstSequence, long maxDeletedMillis, long maxDeletedSequence, long entriesAdded) {}
}
