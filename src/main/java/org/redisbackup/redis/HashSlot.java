package org.redisbackup.redis;

/**
 * The hash slot of a key in a cluster: CRC-16 (XMODEM: polynomial 0x1021, from 0) modulo 16384, of the bytes between the
 * first opening brace and the first closing one behind it when there are any, else of the whole key (Redis cluster
 * specification, "Key distribution model" and "Hash tags").
 */
final class HashSlot {
    static final int COUNT = 16384;

    private static final int POLYNOMIAL = 0x1021;
    private static final int[] TABLE = table();

    private HashSlot() {}

    static int of(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int open = indexOf(bytes, '{', offset, end);
        int close = open < end ? indexOf(bytes, '}', open + 1, end) : end;
        boolean tagged = close < end && close > open + 1;
        return tagged ? crc(bytes, open + 1, close) % COUNT : crc(bytes, offset, end) % COUNT;
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int end) {
        int at = from;
        while (at < end && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static int crc(byte[] bytes, int from, int end) {
        int crc = 0;
        for (int i = from; i < end; i++) {
            crc = (crc << 8 & 0xffff) ^ TABLE[(crc >>> 8 ^ bytes[i]) & 0xff];
        }
        return crc;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
            }
            table[i] = crc & 0xffff;
        }
        return table;
    }
}
