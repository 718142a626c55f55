package org.redisbackup.archive;

/**
 * What a compressed backup or an archive may unpack to before it is called hostile. Nothing is written to disk and memory
 * does not depend on any of these; they bound the time that a small object can cost.
 *
 * @param bytes that may come out of one object, all entries and all that is skipped together
 * @param ratio of what came out to what was read of the object; looked at beyond the first 64 MiB
 * @param entries of an archive
 */
public record ContentLimits(long bytes, int ratio, int entries) {
    /**
     * 16 TiB, 500 : 1 and 10,000 entries. Gzip reaches 1032 : 1 at most, and only with bytes that are all the same; servers
     * compress such values themselves. The most that a real backup of that size was seen to reach is a tenth of it.
     */
    public static final ContentLimits STANDARD = new ContentLimits(1L << 44, 500, 10_000);

    /** Small objects of one repeated value are no attack. */
    private static final long ANY_RATIO = 64L << 20;

    /** @throws BackupContentException when the object is not worth reading on */
    void check(long unpacked, long read) throws BackupContentException {
        if (unpacked > bytes) {
            throw new BackupContentException("it unpacks to more than the limit of " + bytes + " bytes");
        }
        if (unpacked > ANY_RATIO && unpacked / ratio > read) {
            throw new BackupContentException("it unpacks to more than " + ratio
                    + " times its size, as decompression bombs do: unpack it yourself if you trust it");
        }
    }
}
