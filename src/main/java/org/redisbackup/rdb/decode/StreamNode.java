package org.redisbackup.rdb.decode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.redisbackup.rdb.Element;
import org.redisbackup.rdb.ListpackCursor;
import org.redisbackup.rdb.RdbFormatException;

/**
 * The entries of one node of a stream: a listpack of the numbers of live and of deleted entries, the fields of the first
 * entry, their number before them and 0 behind; then each entry. An entry is flags, its id as difference to the node's,
 * its fields and values, or values alone when the fields are those of the first, and how many elements that were.
 */
final class StreamNode {
    private static final int DELETED = 1;
    private static final int SAME_FIELDS = 2;

    private final ElementVisitor visitor;
    private final ListpackCursor listpack = new ListpackCursor();
    private final List<byte[]> fields = new ArrayList<>();
    private final Element field = new Element();
    private long millis;
    private long sequence;
    private long offset;

    StreamNode(ElementVisitor visitor) {
        this.visitor = visitor;
    }

    ListpackCursor listpack() {
        return listpack;
    }

    /** The id to which those of the entries are relative: 16 bytes, big endian. */
    void startsAt(byte[] key, int from) {
        millis = bigEndian(key, from);
        sequence = bigEndian(key, from + Long.BYTES);
    }

    private static long bigEndian(byte[] bytes, int from) {
        long value = 0;
        for (int i = from; i < from + Long.BYTES; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }

    /** @param blobOffset of the listpack, which is open, in the file */
    void decode(long blobOffset) throws IOException {
        offset = blobOffset;
        long live = count("its number of entries");
        long deleted = count("its number of deleted entries");
        readFields();
        while (listpack.next()) {
            long flags = listpack.number();
            if (!listpack.isNumber()) {
                throw broken("the flags of a stream entry are text: a number expected");
            }
            boolean isDeleted = (flags & DELETED) != 0;
            entry(isDeleted, (flags & SAME_FIELDS) != 0);
            if (isDeleted) {
                deleted--;
            } else {
                live--;
            }
        }
        if (live != 0 || deleted != 0) {
            throw broken("a stream node has other numbers of live and deleted entries than it claims");
        }
    }

    private void readFields() throws IOException {
        long count = count("its number of fields");
        fields.clear();
        for (long i = 0; i < count; i++) {
            next("a field");
            byte[] text = listpack.bytes();
            fields.add(Arrays.copyOfRange(text, listpack.start(), listpack.start() + listpack.length()));
        }
        if (number("the end of its fields") != 0) {
            throw broken("the fields of a stream node don't end with 0");
        }
    }

    private void entry(boolean isDeleted, boolean sameFields) throws IOException {
        long entryMillis = millis + number("the time of an entry");
        long entrySequence = sequence + number("the sequence number of an entry");
        long count = sameFields ? fields.size() : count("the number of fields of an entry");
        if (!isDeleted) {
            visitor.entry(entryMillis, entrySequence);
        }
        for (long i = 0; i < count; i++) {
            if (sameFields) {
                byte[] name = fields.get((int) i);
                field.setText(name, 0, name.length);
            } else {
                next("a field");
            }
            if (!isDeleted) {
                visitor.field(sameFields ? field : listpack);
            }
            next("a value");
            if (!isDeleted) {
                visitor.value(listpack);
            }
        }
        if (!isDeleted) {
            visitor.entryEnds();
        }
        long elements = sameFields ? count + 3 : 2 * count + 4;
        long stated = number("the length of an entry");
        if (stated != elements) {
            throw broken("entry " + new StreamId(entryMillis, entrySequence) + " of a stream has " + elements
                    + " elements, but claims to have " + stated);
        }
    }

    private void next(String what) throws IOException {
        if (!listpack.next()) {
            throw broken("a stream node ends where " + what + " has to stand");
        }
    }

    private long number(String what) throws IOException {
        next(what);
        if (!listpack.isNumber()) {
            throw broken("a stream node has text where " + what + " has to stand");
        }
        return listpack.number();
    }

    private long count(String what) throws IOException {
        long count = number(what);
        if (count < 0) {
            throw broken("a stream node has " + count + " where " + what + " has to stand");
        }
        return count;
    }

    private RdbFormatException broken(String problem) {
        return new RdbFormatException(offset, problem);
    }
}
