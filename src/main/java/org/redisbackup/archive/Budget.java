package org.redisbackup.archive;

/** What has come out of one object while it was read once, all codecs and all entries together. */
final class Budget {
    private final ContentLimits limits;
    private final WatchedInput object;
    private long unpacked;
    private int entries;

    /** @param object the bytes as they lie in the bucket */
    Budget(ContentLimits limits, WatchedInput object) {
        this.limits = limits;
        this.object = object;
    }

    /** @throws BackupContentException when that is too much, or too much for what was read of the object */
    void spend(int bytes) throws BackupContentException {
        unpacked += bytes;
        limits.check(unpacked, object.count());
    }

    /** @throws BackupContentException when an archive has too many entries */
    void spendEntry() throws BackupContentException {
        entries++;
        if (entries > limits.entries()) {
            throw new BackupContentException("it has more entries than the limit of " + limits.entries());
        }
    }
}
