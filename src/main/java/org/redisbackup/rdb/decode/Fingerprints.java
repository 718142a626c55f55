package org.redisbackup.rdb.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Hashes of the members of one collection. A member that is there twice always shows; one that is not shows once in
 * 2^40 times, so whoever is told so has to look closer. Up to {@value #MAX} members are remembered.
 */
final class Fingerprints {
    /** As many as {@link Members} remembers. */
    private static final int MAX = 1 << 16;

    private static final int LONGEST_NUMBER = 20;
    /** The low bits of a slot tell of which collection its hash is, so that nothing has to be cleared between two. */
    private static final long ROUND = (1 << 16) - 1;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long[] slots = new long[256];
    private int mask;
    private int round;
    private int room;
    private boolean numbers;
    private boolean texts; // that look like numbers

    /** Begins with a collection of so many members. */
    void expect(int count) {
        int expected = Math.min(count, MAX);
        int capacity = Integer.highestOneBit(Math.max(expected, 8)) * 4;
        if (slots.length < capacity) {
            slots = new long[capacity];
            round = 0;
        }
        if (round == ROUND) {
            Arrays.fill(slots, 0);
            round = 0;
        }
        round++;
        mask = capacity - 1;
        room = expected;
        numbers = false;
        texts = false;
    }

    /**
     * Adds a number of a listpack, by its encoding.
     *
     * @return false when it may have been there before
     */
    boolean addsNumber(byte[] bytes, int from, int length) {
        numbers = true;
        return !texts && adds(hash(bytes, from, length, -length));
    }

    /** Adds a text; gives false when it may have been there before. */
    boolean addsText(byte[] bytes, int from, int length) {
        if (length > 0 && length <= LONGEST_NUMBER && isDigit(bytes[from + length - 1])) {
            byte first = bytes[from];
            if (first == '-' || isDigit(first)) {
                texts = true; // and may be the same as a number
                if (numbers) {
                    return false;
                }
            }
        }
        return adds(hash(bytes, from, length, length));
    }

    private static boolean isDigit(byte letter) {
        return letter >= '0' && letter <= '9';
    }

    private boolean adds(long hash) {
        if (room == 0) {
            return true;
        }
        room--;
        long stamped = (hash & ~ROUND) | round;
        int slot = (int) (hash >>> 40) & mask;
        long there = slots[slot];
        while ((there & ROUND) == round) {
            if (there == stamped) {
                return false;
            }
            slot = (slot + 1) & mask;
            there = slots[slot];
        }
        slots[slot] = stamped;
        return true;
    }

    private static long hash(byte[] bytes, int from, int length, int kind) {
        long hash = Members.SEED ^ kind;
        int at = from;
        int rest = length;
        for (; rest >= Long.BYTES; rest -= Long.BYTES) {
            hash = Members.mix(hash ^ (long) LONG.get(bytes, at));
            at += Long.BYTES;
        }
        if (rest == 0) {
            return Members.mix(hash);
        }
        long tail = 0;
        if (length >= Long.BYTES) {
            tail = (long) LONG.get(bytes, from + length - Long.BYTES); // some of it once more, which does no harm
        } else if (from + Long.BYTES <= bytes.length) {
            tail = (long) LONG.get(bytes, from) & (1L << (rest * 8)) - 1;
        } else {
            for (int i = rest - 1; i >= 0; i--) {
                tail = tail << 8 | (bytes[at + i] & 0xff);
            }
        }
        return Members.mix(hash ^ tail);
    }
}
