package org.redisbackup.analysis;

/** The slot of Redis Cluster that a key belongs to. From the cluster specification: CRC-16 (XMODEM) modulo 16384. */
final class KeySlot {
    static final int SLOTS = 16_384;

    private static final int POLYNOMIAL = 0x1021;
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < TABLE.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1;
            }
            TABLE[i] = crc & 0xffff;
        }
    }

    private KeySlot() {}

    /** 0 to 16383. */
    static int of(byte[] bytes, int offset, int length) {
        int tag = tagEnd(bytes, offset, length);
        if (tag < 0) {
            return crc(bytes, offset, offset + length);
        }
        int open = indexOf('{', bytes, offset, offset + length);
        return crc(bytes, open + 1, tag);
    }

    /** Whether only a part of the key, between braces, decides its slot. */
    static boolean hasTag(byte[] bytes, int offset, int length) {
        return tagEnd(bytes, offset, length) >= 0;
    }

    /** Where the tag ends: at the first closing brace behind the first opening one, if anything lies between them. */
    private static int tagEnd(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int open = indexOf('{', bytes, offset, end);
        int close = open < 0 ? -1 : indexOf('}', bytes, open + 1, end);
        return close > open + 1 ? close : -1;
    }

    private static int indexOf(char wanted, byte[] bytes, int from, int end) {
        for (int i = from; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static int crc(byte[] bytes, int from, int end) {
        int crc = 0;
        for (int i = from; i < end; i++) {
            crc = ((crc << 8) ^ TABLE[((crc >>> 8) ^ bytes[i]) & 0xff]) & 0xffff;
        }
        return crc % SLOTS;
    }
}
