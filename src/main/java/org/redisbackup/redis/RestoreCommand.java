package org.redisbackup.redis;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.redisbackup.rdb.Crc64;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RestorePayload;
import org.redisbackup.rdb.StreamedValue;
import org.redisbackup.rdb.ValueType;

/**
 * Writes records of a batch as {@code RESTORE key ttl payload [REPLACE] [ABSTTL] [IDLETIME seconds | FREQ counter]}.
 * The payload claims the lowest RDB version that knows the type, so that the most targets take it.
 */
final class RestoreCommand {
    private static final byte[] NAME = ascii("$7\r\nRESTORE\r\n");
    private static final byte[] REPLACE = ascii("$7\r\nREPLACE\r\n");
    private static final byte[] ABSOLUTE_TTL = ascii("$6\r\nABSTTL\r\n");
    private static final byte[] IDLE_TIME = ascii("$8\r\nIDLETIME\r\n");
    private static final byte[] FREQUENCY = ascii("$4\r\nFREQ\r\n");
    private static final int CHUNK = 64 * 1024;

    private final CommandWriter out;

    RestoreCommand(CommandWriter out) {
        this.out = out;
    }

    /** Writes a record whose value lies in the arena. */
    void write(KeyBatch batch, int i, boolean replace) throws IOException {
        writeStart(batch, i, replace);
        out.raw(batch.arena(), batch.valueOffset(i), (int) batch.valueLength(i));
        writeEnd(batch, i, replace, batch.payloadCrc(i));
    }

    /**
     * Writes the record whose value is streamed, copying it from the backup chunk by chunk.
     *
     * @throws BrokenValueException when the backup can't be read to the value's end: a half command was sent
     * @throws IOException when the connection breaks
     */
    void writeStreamed(KeyBatch batch, int i, boolean replace) throws IOException {
        writeStart(batch, i, replace);
        StreamedValue value = batch.streamedValue();
        byte[] chunk = new byte[CHUNK];
        long crc = Crc64.update(0, batch.type(i).id());
        long rest = batch.valueLength(i);
        while (rest > 0) {
            int count = read(value, chunk, (int) Math.min(chunk.length, rest));
            crc = Crc64.update(crc, chunk, 0, count);
            out.raw(chunk, 0, count);
            rest -= count;
        }
        value.close(); // so that its reader goes on
        writeEnd(batch, i, replace, crc);
    }

    private static int read(StreamedValue value, byte[] chunk, int length) throws BrokenValueException {
        try {
            int count = value.read(chunk, 0, length);
            if (count < 0) {
                throw new EOFException("the value ended before its " + value.length() + " bytes");
            }
            return count;
        } catch (IOException e) {
            throw new BrokenValueException(e);
        }
    }

    private void writeStart(KeyBatch batch, int i, boolean replace) throws IOException {
        long expireAt = batch.expireAt(i);
        boolean expires = expireAt != KeyBatch.NO_EXPIRY;
        int parts = 4 + (replace ? 1 : 0) + (expires ? 1 : 0) + (knowsUse(batch, i) ? 2 : 0);
        out.command(parts);
        out.raw(NAME, 0, NAME.length);
        out.word(batch.arena(), batch.keyOffset(i), batch.keyLength(i));
        out.word(expires ? expireAt : 0);
        out.wordLength(batch.valueLength(i) + RestorePayload.OVERHEAD);
        out.raw(batch.type(i).id());
    }

    private void writeEnd(KeyBatch batch, int i, boolean replace, long crc) throws IOException {
        ValueType type = batch.type(i);
        out.payloadFooter(type.stampVersion(), crc);
        out.lineEnd();
        if (replace) {
            out.raw(REPLACE, 0, REPLACE.length);
        }
        if (batch.expireAt(i) != KeyBatch.NO_EXPIRY) {
            out.raw(ABSOLUTE_TTL, 0, ABSOLUTE_TTL.length);
        }
        if (batch.frequency(i) >= 0) {
            out.raw(FREQUENCY, 0, FREQUENCY.length);
            out.word(batch.frequency(i));
        } else if (batch.idleSeconds(i) >= 0) {
            out.raw(IDLE_TIME, 0, IDLE_TIME.length);
            out.word(batch.idleSeconds(i));
        }
    }

    private static boolean knowsUse(KeyBatch batch, int i) {
        return batch.frequency(i) >= 0 || batch.idleSeconds(i) >= 0;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
