package org.redisbackup.redis;

import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RestorePayload;
import org.redisbackup.rdb.ValueType;

/** Which records can be sent on a connection at all, at one point in time. */
final class Eligibility {
    private final Target target;
    private final TargetCapabilities capabilities;
    private final Databases databases;
    private final long now;

    /**
     * @param now Unix milliseconds; keys whose time is over by then are not sent
     */
    Eligibility(Target target, TargetConnection connection, long now) {
        this.target = target;
        capabilities = connection.capabilities();
        databases = connection.databases();
        this.now = now;
    }

    /** Settles a record that can't be sent; the database of one that can is known to be usable. */
    boolean settles(Tally tally, KeyBatch batch, int i) {
        long expireAt = batch.expireAt(i);
        if (batch.isExcluded(i)) {
            tally.settle(i, KeyOutcome.FILTERED);
        } else if (batch.isUnchanged(i)) {
            tally.settle(i, KeyOutcome.UNCHANGED);
        } else if (expireAt != KeyBatch.NO_EXPIRY && expireAt <= now) {
            tally.settle(i, KeyOutcome.EXPIRED);
        } else if (batch.invalidity(i) != null) {
            tally.fail(i, KeyOutcome.FAILED, "the value is broken: " + batch.invalidity(i));
        } else if (batch.isOversized(i)) {
            tally.fail(i, KeyOutcome.FAILED, tooLargeForMemory(batch.valueLength(i)));
        } else if (!capabilities.restores(batch.type(i))
                && !capabilities.features().canHold(batch.type(i))) {
            tally.fail(i, KeyOutcome.UNSUPPORTED, capabilities.refusal(batch.type(i)));
        } else if (moduleRefusal(batch, i) != null) {
            tally.fail(i, KeyOutcome.UNSUPPORTED, moduleRefusal(batch, i));
        } else if (goesInOneWord(batch.type(i))
                && batch.valueLength(i) + RestorePayload.OVERHEAD > capabilities.maxBulkBytes()) {
            tally.fail(i, KeyOutcome.FAILED, tooLargeForTarget(batch.valueLength(i)));
        } else if (databases.refusal(batch.db(i)) != null) {
            tally.fail(i, KeyOutcome.FAILED, databases.refusal(batch.db(i)));
        } else {
            return false;
        }
        return true;
    }

    /** Longer strings the target would not hold in whatever way they came. */
    private static boolean goesInOneWord(ValueType type) {
        return type == ValueType.STRING || type == ValueType.MODULE_2;
    }

    private String moduleRefusal(KeyBatch batch, int i) {
        return batch.type(i) == ValueType.MODULE_2 ? capabilities.moduleRefusal(ModuleName.of(batch, i)) : null;
    }

    private static String tooLargeForMemory(long bytes) {
        return "the value takes " + bytes
                + " bytes, more than is held in memory for one value; give the process a larger heap"
                + " (-Xmx), or raise maxValueBytes of the rdb data format";
    }

    private String tooLargeForTarget(long bytes) {
        return "the value takes " + bytes + " bytes, and " + target.address() + " takes " + capabilities.maxBulkBytes()
                + " at once; raise its proto-max-bulk-len";
    }
}
