package org.redisbackup.rdb.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.redisbackup.rdb.Lzf;
import org.redisbackup.rdb.Slice;
import org.redisbackup.rdb.ValueType;

/**
 * A quick look at values in the encodings that servers write most: listpacks, and collections of strings. It says of
 * nearly all sound ones that they are; of the rest it says nothing, and {@link ValueDecoder} has to tell what they are.
 * A scan takes a quarter of the time, because nobody is told the elements, and members are compared by hashes alone.
 *
 * <p>What it calls sound, the decoder would take as well. For one thread.
 */
final class SoundnessScan {
    private static final int LISTPACK_HEADER = 6;
    private static final int LISTPACK_END = 0xFF;
    private static final int MANY = 65535;
    /** The first byte of an entry whose text has its length in the next four. */
    private static final int TEXT_32 = 0xF0;

    private static final int ENCODED = 0xC0;
    private static final int LZF = 0xC3;
    private static final int PACKED = 2;
    /** Bytes of a listpack that is decompressed to be scanned; a longer one is left to the decoder. */
    private static final int LONGEST_PLAIN = 1 << 18;

    private static final int LENGTH_32 = 0x80;
    /** Bytes of the length in front of a decompressed listpack. */
    private static final int PLAIN_HEAD = 5;
    /** One over how much longer than the LZF data the plain form may be that is handed on. */
    private static final int MOST_GROWTH = 4;

    private static final VarHandle INT_BE = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** What the strings of a collection are, in turn. */
    private enum Layout {
        ELEMENTS,
        MEMBERS,
        FIELDS_AND_VALUES,
        MEMBERS_AND_SCORES
    }

    private final Fingerprints members = new Fingerprints();
    private byte[] plain = new byte[0];
    private final Slice unpacked = new Slice();
    private Slice cheaper;
    private byte[] bytes;
    private int at;
    private int end;

    /** Gives true when the value is sound, and false when it may be or may not. */
    boolean isSound(ValueType type, byte[] value, int from, int length) {
        bytes = value;
        at = from;
        end = from + length;
        cheaper = null;
        boolean sound =
                switch (type) {
                    case HASH_LISTPACK -> listpack(Layout.FIELDS_AND_VALUES);
                    case SET_LISTPACK -> listpack(Layout.MEMBERS);
                    case ZSET_LISTPACK -> listpack(Layout.MEMBERS_AND_SCORES);
                    case LIST_QUICKLIST_2 -> quicklist();
                    case SET -> strings(Layout.MEMBERS);
                    case HASH -> strings(Layout.FIELDS_AND_VALUES);
                    case ZSET_2 -> strings(Layout.MEMBERS_AND_SCORES);
                    default -> false;
                };
        return sound && at == end;
    }

    /**
     * The last value, when it was sound, without its compression. A server spends more on decompressing than on the few
     * bytes that are saved: 60,000 hashes and sorted sets of 3 KB cost Redis 8.0.6 0.45 s of its processor instead of 0.70 s
     * when they come without. Null for any other value, and where compression saves more than a fifth.
     */
    Slice cheaperForm() {
        return cheaper;
    }

    private boolean quicklist() {
        int nodes = length();
        for (int i = 0; i < nodes; i++) {
            if (at == end || bytes[at++] != PACKED || !listpack(Layout.ELEMENTS)) {
                return false;
            }
        }
        return nodes > 0;
    }

    private boolean strings(Layout layout) {
        int count = length();
        if (count <= 0) {
            return false;
        }
        members.expect(count);
        for (int i = 0; i < count; i++) {
            if (!memberString()) {
                return false;
            }
            if (layout == Layout.FIELDS_AND_VALUES && !anyString()) {
                return false;
            }
            if (layout == Layout.MEMBERS_AND_SCORES && !score()) {
                return false;
            }
        }
        return true;
    }

    /** A string as it is. Those that are encoded can be equal to others without looking so. */
    private boolean memberString() {
        int length = length();
        if (length < 0 || length > end - at) {
            return false;
        }
        at += length;
        return members.addsText(bytes, at - length, length);
    }

    private boolean anyString() {
        if (at == end) {
            return false;
        }
        int first = bytes[at] & 0xff;
        int length;
        if (first < ENCODED) {
            length = length();
        } else if (first < LZF) {
            length = 1 + (1 << (first - ENCODED)); // of an integer of 1, 2 or 4 bytes
        } else {
            return first == LZF && lzf();
        }
        if (length < 0 || length > end - at) {
            return false;
        }
        at += length;
        return true;
    }

    private boolean lzf() {
        at++;
        int compressed = length();
        int size = length();
        if (compressed < 0 || size < 0 || compressed > end - at || !Lzf.isValid(bytes, at, compressed, size)) {
            return false;
        }
        at += compressed;
        return true;
    }

    private boolean score() {
        if (end - at < Double.BYTES || Double.isNaN(Double.longBitsToDouble((long) LONG.get(bytes, at)))) {
            return false;
        }
        at += Double.BYTES;
        return true;
    }

    /** A length, or -1 when there is none or it is beyond the value. */
    private int length() {
        if (at == end) {
            return -1;
        }
        int first = bytes[at] & 0xff;
        if (first < 0x40) {
            at++;
            return first;
        }
        if (first < 0x80 && end - at > 1) {
            at += 2;
            return (first & 63) << 8 | (bytes[at - 1] & 0xff);
        }
        if (first == LENGTH_32 && end - at > 4) {
            at += 5;
            return (int) INT_BE.get(bytes, at - 4);
        }
        return -1;
    }

    private boolean listpack(Layout layout) {
        if (at == end) {
            return false;
        }
        if ((bytes[at] & 0xff) != LZF) {
            int length = length();
            if (length < 0 || length > end - at) {
                return false;
            }
            at += length;
            return listpack(bytes, at - length, at, layout);
        }
        int start = at++;
        int compressed = length();
        int size = length();
        if (compressed < 0 || size < 0 || compressed > end - at || size > LONGEST_PLAIN) {
            return false;
        }
        int room = PLAIN_HEAD + size + Lzf.SLACK;
        if (plain.length < room) {
            plain = new byte[Math.max(room, Math.min(LONGEST_PLAIN, plain.length * 2))];
        }
        at += compressed;
        if (!Lzf.decompress(bytes, at - compressed, compressed, plain, PLAIN_HEAD, size)
                || !listpack(plain, PLAIN_HEAD, PLAIN_HEAD + size, layout)) {
            return false;
        }
        if (layout != Layout.ELEMENTS && size - (at - start) <= (at - start) / MOST_GROWTH) {
            plain[0] = (byte) LENGTH_32;
            INT_BE.set(plain, 1, size);
            cheaper = unpacked.over(plain, 0, PLAIN_HEAD + size);
        }
        return true;
    }

    /** {@link org.redisbackup.rdb.ListpackCursor} has the format. */
    private boolean listpack(byte[] b, int from, int to, Layout layout) {
        if (to - from <= LISTPACK_HEADER || (int) INT.get(b, from) != to - from) {
            return false;
        }
        int declared = (b[from + 4] & 0xff) | (b[from + 5] & 0xff) << 8;
        int last = to - 1;
        boolean pairs = layout == Layout.FIELDS_AND_VALUES || layout == Layout.MEMBERS_AND_SCORES;
        boolean scores = layout == Layout.MEMBERS_AND_SCORES;
        boolean remembers = layout != Layout.ELEMENTS;
        if (remembers) {
            members.expect(pairs ? declared / 2 : declared);
        }
        int entry = from + LISTPACK_HEADER;
        int count = 0;
        while (entry < last) {
            int size = entrySize(b, entry, last);
            int next = behindBackLength(b, entry, size, last);
            if (next < 0) {
                return false;
            }
            boolean second = pairs && (count & 1) != 0;
            if (second ? scores && !isScore(b, entry, size) : remembers && !addsMember(b, entry, size)) {
                return false;
            }
            entry = next;
            count++;
        }
        return entry == last
                && (b[last] & 0xff) == LISTPACK_END
                && count > 0
                && (declared == count || declared == MANY)
                && !(pairs && (count & 1) != 0);
    }

    /** Bytes of an entry without its back length; what it claims to have, which may be negative or beyond the end. */
    private static int entrySize(byte[] b, int entry, int last) {
        int first = b[entry] & 0xff;
        if (first < 0x80) {
            return 1;
        }
        if (first < 0xC0) {
            return 1 + (first & 63);
        }
        if (first < 0xE0) {
            return 2;
        }
        if (first < TEXT_32) {
            return 2 + ((first & 15) << 8 | (b[entry + 1] & 0xff));
        }
        if (first == TEXT_32) {
            return last - entry > 5 ? 5 + (int) INT.get(b, entry + 1) : -1;
        }
        return first < 0xF4 ? first - 0xF1 + 3 : first == 0xF4 ? 9 : -1;
    }

    /** Where the next entry starts; -1 when there is something else than the back length, or one of more than two bytes. */
    private static int behindBackLength(byte[] b, int entry, int size, int last) {
        if (size < 1 || size >= last - entry) {
            return -1;
        }
        int back = entry + size;
        if (size < 128) {
            return b[back] == size ? back + 1 : -1;
        }
        boolean isRight = size < (1 << 14) - 1
                && last - back > 1
                && b[back] == size >> 7
                && (b[back + 1] & 0xff) == ((size & 127) | 128);
        return isRight ? back + 2 : -1;
    }

    private boolean addsMember(byte[] b, int entry, int size) {
        int head = textHead(b[entry] & 0xff);
        return head == 0 ? members.addsNumber(b, entry, size) : members.addsText(b, entry + head, size - head);
    }

    private static boolean isScore(byte[] b, int entry, int size) {
        int head = textHead(b[entry] & 0xff);
        return head == 0 || Scores.isScore(b, entry + head, size - head);
    }

    /** Bytes in front of a text; 0 when the entry is a number. */
    private static int textHead(int first) {
        if (first < 0x80) {
            return 0;
        }
        if (first < 0xC0) {
            return 1;
        }
        return first < 0xE0 || first > TEXT_32 ? 0 : first == TEXT_32 ? 5 : 2;
    }
}
