package org.redisbackup.redis;

/** Counts keys as they end, one by one. Not safe for use by several threads at once. */
final class OutcomeCounter {
    private long imported;
    private long replaced;
    private long skipped;
    private long expired;
    private long filtered;
    private long unchanged;
    private long unsupported;
    private long failed;

    void count(KeyOutcome outcome) {
        switch (outcome) {
            case IMPORTED -> imported++;
            case REPLACED -> replaced++;
            case SKIPPED -> skipped++;
            case EXPIRED -> expired++;
            case FILTERED -> filtered++;
            case UNCHANGED -> unchanged++;
            case UNSUPPORTED -> unsupported++;
            case FAILED -> failed++;
        }
    }

    OutcomeCounts counts() {
        return new OutcomeCounts(imported, replaced, skipped, expired, filtered, unchanged, unsupported, failed);
    }
}
