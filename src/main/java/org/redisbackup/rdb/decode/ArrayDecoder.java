package org.redisbackup.rdb.decode;

import java.io.IOException;
import org.redisbackup.rdb.ByteWindow;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbPrimitives;
import org.redisbackup.rdb.StringCursor;

/** Sparse arrays of Redis 8.8: elements with rising indexes, each a string, an integer or a floating-point number. */
final class ArrayDecoder {
    private static final int STRING = 0;
    private static final int INTEGER = 1;
    private static final int DOUBLE = 2;
    private static final int SHORT_STRING = 3;

    private final ByteWindow in;
    private final RdbPrimitives primitives;
    private final StringCursor strings;
    private final ElementVisitor visitor;
    private final Element number = new Element();

    ArrayDecoder(ByteWindow in, RdbPrimitives primitives, StringCursor strings, ElementVisitor visitor) {
        this.in = in;
        this.primitives = primitives;
        this.strings = strings;
        this.visitor = visitor;
    }

    void decode() throws IOException {
        long elements = primitives.length();
        if (primitives.unsigned64() != 0) {
            visitor.arrayInsertIndex(primitives.unsigned64());
        }
        long last = 0;
        for (long i = 0; i < elements; i++) {
            long index = primitives.unsigned64();
            if (i > 0 && Long.compareUnsigned(index, last) <= 0) {
                throw new RdbFormatException(in.offset(), "the indexes of an array don't rise");
            }
            last = index;
            element(index, primitives.unsigned64());
        }
    }

    private void element(long index, long tag) throws IOException {
        if (tag == STRING || tag == SHORT_STRING) {
            strings.next();
            visitor.arrayElement(index, strings);
        } else if (tag == INTEGER) {
            number.setNumber(in.littleEndianLong());
            visitor.arrayElement(index, number);
        } else if (tag == DOUBLE) {
            visitor.arrayElement(index, Double.longBitsToDouble(in.littleEndianLong()));
        } else {
            throw new RdbFormatException(
                    in.offset(),
                    "array element of kind " + Long.toUnsignedString(tag) + " is unknown: 0 to 3 expected");
        }
    }
}
