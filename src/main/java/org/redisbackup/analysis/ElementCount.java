package org.redisbackup.analysis;

import java.util.List;
import org.redisbackup.rdb.HashTemplates;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.ValueType;

/**
 * The number of elements that the head of a value tells: fields of a hash, members of a set or zset. Lists and streams lie
 * in nodes, each with a count of its own, and are not gone through.
 */
final class ElementCount {
    static final long UNKNOWN = -1;

    private static final int INT_8 = 0xC0;
    private static final int INT_32 = 0xC2;
    private static final int LZF = 0xC3;
    private static final int LENGTH_32 = 0x80;
    private static final int LENGTH_64 = 0x81;
    private static final int METADATA = 8;
    /** Counts of packed forms have 16 bits; this one stands for more. */
    private static final int SATURATED = 0xffff;
    /** Bytes of a packed form that hold its count. */
    private static final int PACKED_HEAD = 10;

    private final byte[] bytes;
    private final int end;
    private int position;

    private ElementCount(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    /** Elements of a record's value; 0 for a string, {@link #UNKNOWN} for what its head does not tell. */
    static long of(KeyBatch batch, int i) {
        ValueType type = batch.type(i);
        if (type == ValueType.STRING) {
            return 0;
        }
        if (!isHere(batch, i)) {
            return UNKNOWN;
        }
        int start = batch.valueOffset(i);
        return new ElementCount(batch.arena(), start, start + (int) batch.valueLength(i)).of(type, batch.templates());
    }

    /** Whether the bytes of a record's value lie in its batch. */
    static boolean isHere(KeyBatch batch, int i) {
        return !batch.isStreamed(i) && !batch.isOversized(i) && batch.invalidity(i) == null;
    }

    private long of(ValueType type, HashTemplates templates) {
        return switch (type) {
            case STRING -> 0;
            case LIST, SET, ZSET, HASH, ZSET_2, HASH_METADATA_PRE_GA, VALKEY_HASH_2, ARRAY -> length();
            case HASH_METADATA -> {
                position += METADATA;
                yield length();
            }
            case HASH_LISTPACK_EX -> {
                position += METADATA;
                yield packed(4, 3); // field, value and expiry
            }
            case HASH_LISTPACK_EX_PRE_GA -> packed(4, 3);
            case SET_INTSET -> packed(4, 1);
            case LIST_ZIPLIST -> packed(8, 1);
            case ZSET_ZIPLIST, HASH_ZIPLIST -> packed(8, 2);
            case SET_LISTPACK -> packed(4, 1);
            case HASH_LISTPACK, ZSET_LISTPACK -> packed(4, 2);
            case HASH_TEMPLATE_LISTPACK -> {
                long values = packed(4, 1); // behind the number of the template
                yield values == UNKNOWN ? UNKNOWN : values - 1;
            }
            case HASH_TEMPLATE_ARRAY -> {
                List<byte[]> fields = templates.fields(length());
                yield fields == null ? UNKNOWN : fields.size();
            }
            case HASH_ZIPMAP,
                    LIST_QUICKLIST,
                    LIST_QUICKLIST_2,
                    STREAM_LISTPACKS,
                    STREAM_LISTPACKS_2,
                    STREAM_LISTPACKS_3,
                    STREAM_LISTPACKS_4,
                    STREAM_LISTPACKS_5,
                    MODULE_2 -> UNKNOWN;
        };
    }

    /**
     * The count in the head of a packed form, which may be compressed as any string.
     *
     * @param at bytes in front of it
     * @param perElement values that make one element
     */
    private long packed(int at, int perElement) {
        byte[] head = stringHead();
        if (head == null) {
            return UNKNOWN;
        }
        int count = (head[at] & 0xff) | (head[at + 1] & 0xff) << 8;
        return count == SATURATED ? UNKNOWN : count / perElement;
    }

    /** The first bytes of a string, or null when it is shorter or its compressed form starts otherwise than usual. */
    private byte[] stringHead() {
        byte[] head = new byte[PACKED_HEAD];
        if (position < end && (bytes[position] & 0xff) == LZF) {
            position++;
            length();
            length();
            return unpackHead(head) ? head : null;
        }
        long length = length();
        int have = (int) Math.min(Math.min(length, end - position), head.length);
        if (have < 8) {
            return null;
        }
        System.arraycopy(bytes, position, head, 0, have);
        return head;
    }

    /** As much of LZF as the head takes: runs of literal bytes, and copies of what is there already. */
    private boolean unpackHead(byte[] head) {
        int out = 0;
        while (out < head.length && position < end) {
            int control = bytes[position++] & 0xff;
            if (control < 32) {
                int run = Math.min(Math.min(control + 1, end - position), head.length - out);
                System.arraycopy(bytes, position, head, out, run);
                position += run;
                out += run;
                continue;
            }
            int length = control >> 5;
            if (length == 7 && position < end) {
                length += bytes[position++] & 0xff;
            }
            int from = out - ((control & 31) << 8) - (position < end ? bytes[position++] & 0xff : 0) - 1;
            if (from < 0) {
                return false;
            }
            for (int i = 0; i < length + 2 && out < head.length; i++) {
                head[out++] = head[from++];
            }
        }
        return out == head.length;
    }

    /** A length in length encoding; {@link #UNKNOWN} when none stands here. */
    private long length() {
        if (position >= end) {
            return UNKNOWN;
        }
        int first = bytes[position++] & 0xff;
        if (first < 0x40) {
            return first;
        }
        if (first < 0x80) {
            return (long) (first & 63) << 8 | bigEndian(1);
        }
        return switch (first) {
            case LENGTH_32 -> bigEndian(4);
            case LENGTH_64 -> bigEndian(8);
            default -> UNKNOWN;
        };
    }

    private long bigEndian(int count) {
        long value = 0;
        for (int i = 0; i < count && position < end; i++) {
            value = value << 8 | (bytes[position++] & 0xff);
        }
        return value;
    }

    /** Bytes of a string once it is unpacked, from its first bytes in the file. */
    static long unpackedString(byte[] bytes, int start, int end) {
        ElementCount string = new ElementCount(bytes, start, end);
        int first = start < end ? bytes[start] & 0xff : 0;
        if (first >= INT_8 && first <= INT_32) {
            return 0; // a number, which lies in the object itself
        }
        if (first == LZF) {
            string.position++;
            string.length();
        }
        return string.length();
    }
}
