package org.redisbackup.index;

import java.io.IOException;
import org.apache.commons.codec.digest.MurmurHash3;
import org.redisbackup.rdb.Crc64;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.StreamedValue;

/**
 * What an index knows keys and values by.
 *
 * <p>A key is known by 128 bits of MurmurHash3 (x64) over its name, seeded with its database. Of 5,000,000,000 keys any
 * two have the same hash by chance with a probability of 4e-20 (n² / 2^129). A value is known by the CRC-64 over its type
 * and its bytes, which the reader has worked out anyway, mixed with its expiry: a changed value passes for the same with a
 * probability of 2^-64, so one of 5,000,000,000 changed values does with 3e-10. Neither is proof against somebody who
 * makes keys or values with the same hash on purpose, who gains that a value of his own is not refreshed.
 */
final class KeyHashes {
    /** Of a value that is not known: it differs from every other, itself included. */
    static final long UNKNOWN = 0;

    private static final int STREAM_BUFFER = 1 << 16;

    private KeyHashes() {}

    /** 128 bits, high ones first. */
    static long[] ofKey(int db, byte[] bytes, int offset, int length) {
        return MurmurHash3.hash128x64(bytes, offset, length, db);
    }

    /**
     * What changes when the type, the bytes or the expiry of a value do. When a key was used last, and how often, is left
     * aside: that differs in every backup.
     *
     * @param readsStreamed whether a streamed value is read to its end, or left to somebody else
     * @return {@link #UNKNOWN} for a streamed value that is not read, for a value that was left out of the batch, or means nothing without the rest of its file
     */
    static long ofValue(KeyBatch batch, int i, boolean readsStreamed) throws IOException {
        boolean known = (readsStreamed || !batch.isStreamed(i))
                && !batch.isOversized(i)
                && batch.invalidity(i) == null
                && batch.type(i).isRestorable();
        if (!known) {
            return UNKNOWN;
        }
        long crc = batch.isStreamed(i) ? ofStreamed(batch, i) : batch.payloadCrc(i); // first, as it tells the length
        long hash = mix(crc ^ mix(batch.valueLength(i) ^ mix(batch.expireAt(i))));
        return hash == UNKNOWN ? 1 : hash;
    }

    private static long ofStreamed(KeyBatch batch, int i) throws IOException {
        long crc = Crc64.update(0, batch.type(i).id());
        byte[] buffer = new byte[STREAM_BUFFER];
        StreamedValue value = batch.streamedValue();
        for (int read = value.read(buffer, 0, buffer.length); read > 0; read = value.read(buffer, 0, buffer.length)) {
            crc = Crc64.update(crc, buffer, 0, read);
        }
        return crc;
    }

    /** Spreads each bit over all (the finalizer of MurmurHash3); no two numbers become the same. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
