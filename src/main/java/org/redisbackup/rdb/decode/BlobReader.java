package org.redisbackup.rdb.decode;

import java.io.IOException;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.BlobCursor;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.Lzf;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbPrimitives;

/**
 * Puts cursors on blobs. A blob that is LZF data is decompressed into memory when that takes up to {@value #HELD}
 * bytes, and while it is walked when it takes more.
 */
final class BlobReader {
    /** Bytes of a blob that is decompressed at once. */
    private static final int HELD = 1 << 18;

    private static final int ENCODED = 0xC0;
    private static final int LZF = 0xC3;

    private final ByteWindow in;
    private final RdbPrimitives primitives;
    private final int maxHeld;
    private final ArrayWindow decompressed = new ArrayWindow();
    private byte[] scratch = new byte[0];
    private LzfWindow streaming;

    /** @param maxHeld bytes that one element may have */
    BlobReader(ByteWindow in, RdbPrimitives primitives, int maxHeld) {
        this.in = in;
        this.primitives = primitives;
        this.maxHeld = maxHeld;
    }

    /** Opens the blob that comes next; {@link #end} has to follow when it was walked to its end. */
    void open(BlobCursor cursor) throws IOException {
        streaming = null;
        int first = in.peek();
        if (first < ENCODED) {
            cursor.open(in, primitives.length());
        } else if (first == LZF) {
            in.skip(1);
            long compressed = primitives.length();
            long plain = primitives.plainLength(compressed);
            cursor.open(decompressed(compressed, plain), plain);
        } else {
            throw new RdbFormatException(in.offset(), "a number stands where a packed collection is expected");
        }
    }

    /** The bytes that LZF data gives which comes next; {@link #end} has to follow when all were read. */
    ByteWindow decompressed(long compressed, long plain) throws IOException {
        if (Math.max(compressed, plain) > Math.min(HELD, maxHeld)) {
            streaming = new LzfWindow(in, compressed, plain, maxHeld);
            return streaming;
        }
        streaming = null;
        in.need(compressed);
        if (scratch.length < plain) {
            scratch = new byte[(int) Math.min(HELD, Math.max(plain, scratch.length * 2L))];
        }
        if (!Lzf.decompress(in.buffer(), in.position(), (int) compressed, scratch, (int) plain)) {
            throw new RdbFormatException(
                    in.offset(), "this is not the LZF data of " + plain + " bytes that it claims to be");
        }
        decompressed.overDecompressed(scratch, (int) plain, in.offset());
        in.skip(compressed);
        return decompressed;
    }

    /** Checks that nothing of the blob is left. */
    void end() throws RdbFormatException {
        if (streaming != null) {
            streaming.end();
        }
    }
}
