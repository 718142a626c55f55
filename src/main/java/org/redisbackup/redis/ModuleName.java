package org.redisbackup.redis;

import java.nio.ByteBuffer;
import org.redisbackup.rdb.KeyBatch;

/**
 * The name of the module that wrote a value: the value starts with a 64-bit number whose upper 54 bits are nine
 * characters of six bits each.
 */
final class ModuleName {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    private static final int CHARACTERS = 9;
    private static final int VERSION_BITS = 10;
    private static final int LENGTH_OF_64_BITS = 0x81;

    private ModuleName() {}

    /** Of a record in the arena. */
    static String of(KeyBatch batch, int i) {
        int start = batch.valueOffset(i);
        if (batch.valueLength(i) < 9 || (batch.arena()[start] & 0xff) != LENGTH_OF_64_BITS) {
            return "of this value";
        }
        long id = ByteBuffer.wrap(batch.arena()).getLong(start + 1);
        StringBuilder name = new StringBuilder();
        for (int c = CHARACTERS - 1; c >= 0; c--) {
            name.append(ALPHABET.charAt((int) (id >>> (VERSION_BITS + 6 * c)) & 63));
        }
        return name.toString();
    }
}
