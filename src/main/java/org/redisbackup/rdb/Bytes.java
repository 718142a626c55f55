package org.redisbackup.rdb;

/** Numbers in byte arrays. */
final class Bytes {
    private Bytes() {}

    static int littleEndianShort(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    static int littleEndianInt(byte[] bytes, int at) {
        return littleEndianShort(bytes, at) | (bytes[at + 2] & 0xff) << 16 | bytes[at + 3] << 24;
    }

    static long littleEndianLong(byte[] bytes, int at) {
        return (littleEndianInt(bytes, at) & 0xffffffffL) | (long) littleEndianInt(bytes, at + 4) << 32;
    }
}
