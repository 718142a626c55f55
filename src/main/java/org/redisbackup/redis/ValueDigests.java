package org.redisbackup.redis;

import java.io.IOException;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RestorePayload;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.rdb.decode.StreamWindow;
import org.redisbackup.rdb.decode.ValueDecoder;
import org.redisbackup.rdb.decode.ValueDigest;
import org.redisbackup.rdb.decode.ValueDigester;

/** Makes digests of values of a backup, and of what a server dumps, which encodes the same values otherwise. */
final class ValueDigests {
    private static final int MAX_ELEMENT = 16 << 20;

    private final TargetCapabilities server;
    private final long fieldsEndBy;

    /**
     * @param server that dumps
     * @param fieldsEndBy Unix milliseconds; fields of hashes that end by then are left out
     */
    ValueDigests(TargetCapabilities server, long fieldsEndBy) {
        this.server = server;
        this.fieldsEndBy = fieldsEndBy;
    }

    /**
     * The digest of a record.
     *
     * @return null for a value that can't be taken apart, or has an element that is too large
     * @throws IOException when a streamed value can't be read
     */
    ValueDigest ofRecord(KeyBatch batch, int i) throws IOException {
        ValueType type = batch.type(i);
        if (!ValueDecoder.isDecodable(type)) {
            return null;
        }
        ByteWindow window;
        if (batch.isStreamed(i)) {
            window = new StreamWindow(batch.streamedValue(), batch.offset(i), MAX_ELEMENT);
        } else {
            window = window(batch.arena(), batch.valueOffset(i), (int) batch.valueLength(i));
        }
        return digest(window, type, batch);
    }

    /**
     * The digest of what {@code DUMP} answered.
     *
     * @return null for a value that can't be taken apart, or has an element that is too large
     */
    ValueDigest ofDump(byte[] dump, KeyBatch batch) {
        ValueType type = typeOf(dump);
        if (type == null || !type.isRestorable() || !ValueDecoder.isDecodable(type)) {
            return null;
        }
        try {
            return digest(window(dump, 1, dump.length - RestorePayload.OVERHEAD), type, batch);
        } catch (IOException e) {
            throw new IllegalStateException("an array was read", e);
        }
    }

    /** What {@code DUMP} answered of, or null when it is not known. */
    ValueType typeOf(byte[] dump) {
        return ValueType.of(server.dialect(), dump[0] & 0xff);
    }

    private ValueDigest digest(ByteWindow window, ValueType type, KeyBatch batch) throws IOException {
        boolean hasFieldTimes = server.features().fieldExpiry();
        try {
            return ValueDigester.of(window, type, batch.templates(), MAX_ELEMENT, fieldsEndBy, hasFieldTimes);
        } catch (RdbFormatException e) {
            return null;
        }
    }

    private static ArrayWindow window(byte[] bytes, int from, int length) {
        ArrayWindow window = new ArrayWindow();
        window.over(bytes, from, length, 0);
        return window;
    }
}
