package org.redisbackup.rdb.decode;

import java.io.IOException;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.RdbPrimitives;
import org.redisbackup.rdb.StringCursor;

/** Values that are one string, told in parts, however long they are. */
final class StringDecoder {
    private static final int ENCODED = 0xC0;
    private static final int LZF = 0xC3;
    private static final int LONGEST_NUMBER = 20;

    private final ByteWindow in;
    private final RdbPrimitives primitives;
    private final StringCursor numbers;
    private final BlobReader blobs;
    private final ElementVisitor visitor;

    StringDecoder(ByteWindow in, RdbPrimitives primitives, BlobReader blobs, ElementVisitor visitor) {
        this.in = in;
        this.primitives = primitives;
        this.blobs = blobs;
        this.visitor = visitor;
        numbers = new StringCursor(in, primitives, LONGEST_NUMBER);
    }

    void decode() throws IOException {
        int first = in.peek();
        if (first < ENCODED) {
            parts(in, primitives.length());
        } else if (first == LZF) {
            in.skip(1);
            long compressed = primitives.length();
            long plain = primitives.plainLength(compressed);
            parts(blobs.decompressed(compressed, plain), plain);
            blobs.end();
        } else {
            numbers.next();
            visitor.text(numbers.bytes(), numbers.start(), numbers.length());
        }
    }

    private void parts(ByteWindow window, long length) throws IOException {
        long rest = length;
        while (rest > 0) {
            window.need(1);
            int part = (int) Math.min(rest, window.available());
            visitor.text(window.buffer(), window.position(), part);
            window.skip(part);
            rest -= part;
        }
    }
}
