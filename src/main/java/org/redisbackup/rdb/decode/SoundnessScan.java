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
            int first = b[entry] & 0xff;
            int head = 1;
            int text = 0;
            if (first < 0x80) {
                text = -1;
            } else if (first < 0xC0) {
                text = first & 63;
            } else if (last - entry < 5) {
                return false; // with its back length and what follows it would fit, if at all, only just
            } else if (first < 0xE0) {
                head = 2;
                text = -1;
            } else if (first < 0xF0) {
                head = 2;
                text = (first & 15) << 8 | (b[entry + 1] & 0xff);
            } else if (first == 0xF0) {
                head = 5;
                text = (int) INT.get(b, entry + 1);
            } else if (first <= 0xF4) {
                head = first == 0xF4 ? 9 : first - 0xF1 + 3;
                text = -1;
            } else {
                return false;
            }
            boolean isNumber = text < 0 && first != 0xF0;
            int size = isNumber ? head : head + text;
            if (size < head || size >= last - entry) {
                return false;
            }
            int next = entry + size;
            if (size < 128) {
                if (b[next] != size) {
                    return false;
                }
                next++;
            } else {
                if (size >= (1 << 14) - 1
                        || last - next < 2
                        || b[next] != size >> 7
                        || (b[next + 1] & 0xff) != ((size & 127) | 128)) {
                    return false;
                }
                next += 2;
            }
            if (!pairs || (count & 1) == 0) {
                if (remembers
                        && !(isNumber ? members.addsNumber(b, entry, head) : members.addsText(b, entry + head, text))) {
                    return false;
                }
            } else if (scores && !isNumber && !Scores.isScore(b, entry + head, text)) {
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
}
