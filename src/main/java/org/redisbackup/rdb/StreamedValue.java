package org.redisbackup.rdb;

import java.io.IOException;
import java.io.InputStream;

/**
 * The raw bytes of one value too large for a buffer, read straight from the backup while it is delivered. Nothing has
 * looked whether they make sense.
 *
 * <p>The reader behind it waits until its end was read (-1) or it is {@link #close closed}; what is left then is
 * skipped. Whoever receives a batch with a streamed value has to do one of the two.
 */
public abstract class StreamedValue extends InputStream {
    /** The {@link #length} of a value of which the file does not say how long it is. */
    public static final long UNKNOWN = -1;

    /**
     * Bytes of the whole value, as stored in the file (after the key, before any payload footer); {@value #UNKNOWN}
     * before the end was reached of one that is no {@link ValueType#isOneString single string}.
     */
    public abstract long length();

    @Override
    public abstract int read(byte[] target, int offset, int length) throws IOException;

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * Says that the bytes are no sound value. Does to the file what the {@link RdbLimits#validation} of its reader says,
     * but the caller has to count the key.
     */
    public abstract void refuse(RdbFormatException why);

    /** Gives up the rest of the value. Never throws, may be called twice. */
    @Override
    public abstract void close();
}
