package org.redisbackup.component;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.camel.Converter;
import org.redisbackup.rdb.KeyBatch;

/** Camel's way from a batch of one key to its {@link KeyRecord}; the batch can still be delivered. */
@Converter(generateLoader = true)
public final class KeyRecordConverter {
    private KeyRecordConverter() {}

    /**
     * The only key of a batch.
     *
     * @return null when the batch holds no key, but function libraries
     * @throws IllegalArgumentException when it holds several
     */
    @Converter(allowNull = true)
    public static KeyRecord toKeyRecord(KeyBatch batch) {
        if (batch.size() > 1) {
            throw new IllegalArgumentException(
                    "a batch of " + batch.size() + " keys is no single record: set batchKeys=1 on the rdb data format");
        }
        return batch.size() == 0
                ? null
                : new KeyRecord(
                        batch.db(0),
                        new String(batch.arena(), batch.keyOffset(0), batch.keyLength(0), UTF_8),
                        batch.type(0).logicalName(),
                        batch.expireAt(0) == KeyBatch.NO_EXPIRY ? null : (Long) batch.expireAt(0),
                        batch.idleSeconds(0) < 0 ? null : (Long) batch.idleSeconds(0),
                        batch.frequency(0) < 0 ? null : (Integer) batch.frequency(0),
                        batch.valueLength(0),
                        batch.offset(0));
    }
}
