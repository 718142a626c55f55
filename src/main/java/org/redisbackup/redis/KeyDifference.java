package org.redisbackup.redis;

import java.io.Serializable;
import org.redisbackup.rdb.KeyBatch;

/**
 * One key that is on the target otherwise than the backup says.
 *
 * @param dump that it is of, as {@link KeyBatch#dump} tells it
 * @param db database number in the backup
 * @param key as the backup has it, fit to be shown
 * @param type the value type's name
 * @param offset bytes from the start of the dump to the record
 * @param reason how it differs: the end of a sentence that begins with the key
 */
public record KeyDifference(String dump, int db, String key, String type, long offset, String reason)
        implements Serializable {
    static KeyDifference of(KeyBatch batch, int i, String reason) {
        return new KeyDifference(
                batch.dump(),
                batch.storedDb(i),
                batch.storedKeyText(i),
                batch.type(i).logicalName(),
                batch.offset(i),
                reason);
    }
}
