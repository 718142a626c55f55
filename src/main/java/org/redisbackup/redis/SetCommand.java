package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.StoredString;

/**
 * Writes uncompressed strings of a batch as {@code SET key value [NX] [PXAT milliseconds]}, or many of them as {@code
 * MSETNX key value ...}, which sets all or, when one exists, none.
 */
final class SetCommand {
    private static final byte[] SET = "$3\r\nSET\r\n".getBytes(US_ASCII);
    private static final byte[] UNLESS_EXISTING = "$2\r\nNX\r\n".getBytes(US_ASCII);
    private static final byte[] EXPIRY = "$4\r\nPXAT\r\n".getBytes(US_ASCII);
    private static final byte[] SET_MANY = "$6\r\nMSETNX\r\n".getBytes(US_ASCII);

    private final CommandWriter out;

    SetCommand(CommandWriter out) {
        this.out = out;
    }

    void write(KeyBatch batch, int i, boolean replace) throws IOException {
        boolean expires = batch.expireAt(i) != KeyBatch.NO_EXPIRY;
        out.command(3 + (replace ? 0 : 1) + (expires ? 2 : 0));
        out.raw(SET, 0, SET.length);
        writeKeyAndValue(batch, i);
        if (!replace) {
            out.raw(UNLESS_EXISTING, 0, UNLESS_EXISTING.length);
        }
        if (expires) {
            out.raw(EXPIRY, 0, EXPIRY.length);
            out.word(batch.expireAt(i));
        }
    }

    /** Writes {@code count} records, from {@code first} on. */
    void writeMany(KeyBatch batch, int first, int count) throws IOException {
        out.command(1 + 2 * count);
        out.raw(SET_MANY, 0, SET_MANY.length);
        for (int i = first; i < first + count; i++) {
            writeKeyAndValue(batch, i);
        }
    }

    private void writeKeyAndValue(KeyBatch batch, int i) throws IOException {
        out.word(batch.arena(), batch.keyOffset(i), batch.keyLength(i));
        if (StoredString.isInteger(batch, i)) {
            out.word(StoredString.integer(batch, i));
        } else {
            int header = StoredString.headerLength(batch, i);
            out.word(batch.arena(), batch.valueOffset(i) + header, (int) batch.valueLength(i) - header);
        }
    }
}
