package org.redisbackup.redis.rules;

import org.redisbackup.rdb.KeyBatch;

/**
 * When imported keys expire.
 *
 * @param mode what becomes of the expiry in the backup
 * @param revive whether keys whose time is over get a new one by {@link Mode#PERSIST} or the floor; else they stay expired
 * @param floorMillis how long a key lives at least from its import on; 0 for no such bound
 * @param jitterMillis up to how much longer keys live, each by a share of its own that stays the same when it is
 *     imported again: keys that were written together need not expire together
 */
public record TtlPolicy(Mode mode, boolean revive, long floorMillis, long jitterMillis) {
    /** What becomes of the expiry in the backup. */
    public enum Mode {
        /** Keys expire when they would have expired on the server that wrote the backup. */
        KEEP,
        /** Keys live as long from their import on as they had still to live when the backup was written. */
        SHIFT,
        /** Keys never expire. */
        PERSIST
    }

    /** Expiries stay what they are. */
    public static final TtlPolicy KEEP = new TtlPolicy(Mode.KEEP, false, 0, 0);

    /** So that sums overflow nothing: a thousand years. */
    private static final long MAX_MILLIS = 1000L * 365 * 24 * 3600 * 1000;

    /** @throws IllegalArgumentException when a time is negative or more than a thousand years */
    public TtlPolicy {
        if (floorMillis < 0 || floorMillis > MAX_MILLIS || jitterMillis < 0 || jitterMillis > MAX_MILLIS) {
            throw new IllegalArgumentException("a time is 0 to " + MAX_MILLIS + " ms");
        }
    }

    /** Whether keys that are imported later expire later. */
    public boolean followsImport() {
        return mode == Mode.SHIFT || floorMillis > 0;
    }

    boolean changesNothing() {
        return equals(KEEP);
    }

    /**
     * The new expiry.
     *
     * @param expireAt Unix milliseconds, or {@link KeyBatch#NO_EXPIRY}
     * @param written when the backup was, in Unix milliseconds; {@code now} when it does not say
     * @param now Unix milliseconds
     * @param keyHash the same whenever the key is imported
     */
    long expiry(long expireAt, long written, long now, int keyHash) {
        if (expireAt == KeyBatch.NO_EXPIRY) {
            return KeyBatch.NO_EXPIRY;
        }
        long expiry = mode == Mode.SHIFT ? saturatedSum(expireAt, now - written) : expireAt;
        if (expiry <= now && !revive) {
            return expiry;
        }
        if (mode == Mode.PERSIST) {
            return KeyBatch.NO_EXPIRY;
        }
        if (floorMillis > 0) {
            expiry = Math.max(expiry, now + floorMillis);
        }
        return expiry > now ? saturatedSum(expiry, share(keyHash)) : expiry; // jitter revives no key
    }

    private static long saturatedSum(long time, long more) {
        return time > Long.MAX_VALUE - Math.max(0, more) ? Long.MAX_VALUE : time + more;
    }

    private long share(int keyHash) {
        if (jitterMillis == 0) {
            return 0;
        }
        // the multiplier spreads neighbouring hashes over all 32 bits (Fibonacci hashing)
        long spread = (keyHash * 0x9E3779B9L) & 0xffffffffL;
        return (long) (spread / (double) (1L << 32) * (jitterMillis + 1));
    }
}
