package org.redisbackup.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Unpacks gzip data of any number of members, one after the other, and checks each. The JDK's own stream takes the end of
 * a member for the end of all when the next one has not arrived yet.
 *
 * <p>What follows the last member and is none itself is not read; a warning says so. Format: RFC 1952.
 */
final class GzipInput extends InputStream {
    private static final int ID1 = 0x1f;
    private static final int ID2 = 0x8b;
    private static final int DEFLATE = 8;
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA_FIELD = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;

    private final InputStream in;
    private final Consumer<String> warnings;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] buffer = new byte[1 << 16];
    private int position;
    private int limit;
    private boolean begun;
    private boolean ended;

    GzipInput(InputStream in, Consumer<String> warnings) {
        this.in = in;
        this.warnings = warnings;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws IOException when the data is damaged or cut off */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!begun) {
            begun = true;
            beginMember();
        }
        while (!ended) {
            int count = inflate(target, offset, length);
            if (count > 0) {
                checksum.update(target, offset, count);
                return count;
            }
            if (inflater.finished()) {
                endMember();
            } else {
                feed();
            }
        }
        return -1;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            int count = inflater.inflate(target, offset, length);
            if (inflater.needsDictionary()) {
                throw new IOException("it needs a dictionary, which gzip does not have");
            }
            return count;
        } catch (DataFormatException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void feed() throws IOException {
        need(1);
        inflater.setInput(buffer, position, limit - position);
        position = limit;
    }

    private void beginMember() throws IOException {
        if (unsignedByte() != ID1 || unsignedByte() != ID2 || unsignedByte() != DEFLATE) {
            throw new IOException("a gzip header is expected");
        }
        int flags = unsignedByte();
        skip(6); // time, flags of the compressor, operating system
        if ((flags & EXTRA_FIELD) != 0) {
            skip(unsignedByte() | unsignedByte() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CHECKSUM) != 0) {
            skip(2);
        }
        inflater.reset();
        checksum.reset();
    }

    private void endMember() throws IOException {
        position = limit - inflater.getRemaining();
        long expected = littleEndianInt();
        long length = littleEndianInt();
        if (expected != checksum.getValue()) {
            throw new IOException("its checksum is " + Long.toHexString(expected) + " but its bytes give "
                    + Long.toHexString(checksum.getValue()));
        }
        if (length != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new IOException("it claims a length of " + length + " bytes and has " + inflater.getBytesWritten());
        }
        if (!available(1)) {
            ended = true;
        } else if (available(2) && (buffer[position] & 0xff) == ID1 && (buffer[position + 1] & 0xff) == ID2) {
            beginMember();
        } else {
            ended = true;
            warnings.accept("what follows the gzip data is no gzip data and was ignored");
        }
    }

    private long littleEndianInt() throws IOException {
        return unsignedByte() | unsignedByte() << 8 | unsignedByte() << 16 | (long) unsignedByte() << 24;
    }

    private int unsignedByte() throws IOException {
        need(1);
        return buffer[position++] & 0xff;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            unsignedByte();
        }
    }

    private void skipText() throws IOException {
        while (unsignedByte() != 0) {
            // the name that the file had is of no interest
        }
    }

    private void need(int count) throws IOException {
        if (!available(count)) {
            throw new EOFException("more bytes are expected");
        }
    }

    /** Makes so many bytes available in the buffer, unless the stream ends before; for small counts. */
    private boolean available(int count) throws IOException {
        while (limit - position < count) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
            int read = in.read(buffer, limit, buffer.length - limit);
            if (read < 0) {
                return false;
            }
            limit += read;
        }
        return true;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
