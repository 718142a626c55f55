package org.redisbackup.redis;

import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.StoredString;
import org.redisbackup.rdb.ValueType;

/**
 * The command that puts a record on the target: the one that costs the server least, as the server is what everything
 * waits for. All of them tell whether the key existed, and leave the same data behind.
 *
 * <p>Collections are cheapest to {@link #RESTORE}: their native commands cost up to 20 times as much. Compressed
 * strings go that way too, because they would have to cross the network at their full length.
 */
enum KeyCommand {
    /** Takes everything that a file can say about a key. */
    RESTORE,
    /** A string, at about 0.8 of the server's time for {@code RESTORE} when small and 0.6 when long. */
    SET,
    /** {@code MSETNX}: small strings that never expire, many at once, at about half of the server's time. */
    SET_MANY,
    /** The commands of the value's type, under a temporary key that is renamed: see {@link RebuildWriter}. */
    REBUILD;

    /** Bytes of a value, about: long ones gain nothing from company, and a refused group is sent again. */
    private static final int SMALL = 1024;

    static KeyCommand of(KeyBatch batch, int i, TargetCapabilities capabilities, DeliveryRules rules) {
        ValueType type = batch.type(i);
        if (type != ValueType.STRING) {
            return isRestored(batch, i, capabilities, rules) ? RESTORE : REBUILD;
        }
        if (batch.isStreamed(i)
                || batch.idleSeconds(i) >= 0
                || batch.frequency(i) >= 0 // which only RESTORE can set
                || !StoredString.isUncompressed(batch, i)) {
            return capabilities.restores(type) && !rules.rebuildsAll() ? RESTORE : REBUILD;
        }
        if (batch.expireAt(i) != KeyBatch.NO_EXPIRY) {
            return capabilities.setsWithExpiry()
                    ? SET
                    : capabilities.restores(type) && !rules.rebuildsAll() ? RESTORE : REBUILD;
        }
        return batch.valueLength(i) <= SMALL ? SET_MANY : SET;
    }

    /** A collection that is streamed was not checked, and servers restore some that they can't read. */
    private static boolean isRestored(KeyBatch batch, int i, TargetCapabilities capabilities, DeliveryRules rules) {
        ValueType type = batch.type(i);
        return type == ValueType.MODULE_2
                || (!rules.rebuildsAll()
                        && !batch.isStreamed(i)
                        && capabilities.restores(type)
                        && batch.valueLength(i) <= Math.min(rules.maxRestoreBytes(), capabilities.maxBulkBytes() / 2));
    }
}
