package org.redisbackup.rdb.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.redisbackup.rdb.Element;

/**
 * The members of one collection, to find one that is there twice. Up to {@value #MAX} members of {@value #MAX_BYTES}
 * bytes together are remembered; what comes beyond is not looked at.
 */
final class Members {
    private static final int MAX = 1 << 16;
    private static final int MAX_BYTES = 1 << 22;
    private static final int FIRST_SLOTS = 256;
    private static final int FIRST_BYTES = 1 << 12;
    /** Unknown to who writes files, so that nobody can make all members meet in one slot. */
    static final long SEED = new SplittableRandom().nextLong() | 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] pool = new byte[FIRST_BYTES];
    private int pooled;
    private int[] ends = new int[FIRST_SLOTS / 2]; // in the pool
    private long[] hashes = new long[FIRST_SLOTS / 2];
    private int size;
    private int[] slots = new int[FIRST_SLOTS]; // a member's number plus 1, or 0; so many of them are used:
    private int capacity = FIRST_SLOTS;
    private boolean full;

    void clear() {
        if (size > 0) {
            capacity = FIRST_SLOTS;
            Arrays.fill(slots, 0, capacity, 0);
        }
        size = 0;
        pooled = 0;
        full = false;
    }

    /** Gives false when the member was added before. */
    boolean add(Element member) {
        if (!member.isNumber() && member.length() > MAX_BYTES) {
            return true;
        }
        byte[] bytes = member.bytes();
        int from = member.start();
        int length = member.length();
        full = full || size == MAX || pooled + length > MAX_BYTES;
        if (full) {
            return true;
        }
        long hash = hash(bytes, from, length);
        int mask = capacity - 1;
        int slot = (int) (hash >>> 32) & mask;
        while (slots[slot] != 0) {
            int other = slots[slot] - 1;
            if (hashes[other] == hash && equals(other, bytes, from, length)) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        remember(bytes, from, length, hash);
        slots[slot] = size;
        if (size * 2 == capacity) {
            grow();
        }
        return true;
    }

    private boolean equals(int member, byte[] bytes, int from, int length) {
        int start = member == 0 ? 0 : ends[member - 1];
        return Arrays.equals(pool, start, ends[member], bytes, from, from + length);
    }

    private void remember(byte[] bytes, int from, int length, long hash) {
        if (pool.length - pooled < length) {
            pool = Arrays.copyOf(pool, Math.max(pool.length * 2, pooled + length));
        }
        System.arraycopy(bytes, from, pool, pooled, length);
        pooled += length;
        ends[size] = pooled;
        hashes[size] = hash;
        size++;
    }

    private void grow() {
        capacity *= 2;
        if (slots.length < capacity) {
            slots = new int[capacity];
            ends = Arrays.copyOf(ends, capacity / 2);
            hashes = Arrays.copyOf(hashes, capacity / 2);
        } else {
            Arrays.fill(slots, 0, capacity, 0);
        }
        for (int i = 0; i < size; i++) {
            int slot = (int) (hashes[i] >>> 32) & (capacity - 1);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (capacity - 1);
            }
            slots[slot] = i + 1;
        }
    }

    private static long hash(byte[] bytes, int from, int length) {
        long hash = SEED ^ length;
        int at = from;
        int end = from + length;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONGS.get(bytes, at));
        }
        long tail = 0;
        for (; at < end; at++) {
            tail = tail << 8 | (bytes[at] & 0xff);
        }
        return mix(hash ^ tail);
    }

    static long mix(long value) {
        long product = (value ^ SEED) * 0x9e3779b97f4a7c15L;
        return product ^ (product >>> 29) ^ Long.rotateLeft(product, 32);
    }
}
