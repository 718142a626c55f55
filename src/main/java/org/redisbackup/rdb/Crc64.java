package org.redisbackup.rdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * CRC-64 as Redis uses it for files and payloads: polynomial 0xad93d23594c935a9 ("Jones"), reflected, initial value 0,
 * no final xor. The check value of {@code "123456789"} is 0xe9c6d914c4b8d9ca.
 *
 * <p>Sixteen bytes a step by table; from {@value #THREE_LANES} bytes on three lanes side by side, which are joined by
 * {@link #shift}: with initial value 0 and no final xor the checksum is linear, so that the checksum of a part follows
 * from the running checksum before and after it.
 */
public final class Crc64 {
    private static final long POLYNOMIAL = 0x95AC9329AC4BC9B5L; // reflected
    private static final int LANE = 8192;
    static final int THREE_LANES = 3 * LANE;

    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long[] T0 = new long[256];
    private static final long[] T1 = new long[256];
    private static final long[] T2 = new long[256];
    private static final long[] T3 = new long[256];
    private static final long[] T4 = new long[256];
    private static final long[] T5 = new long[256];
    private static final long[] T6 = new long[256];
    private static final long[] T7 = new long[256];
    private static final long[] T8 = new long[256];
    private static final long[] T9 = new long[256];
    private static final long[] T10 = new long[256];
    private static final long[] T11 = new long[256];
    private static final long[] T12 = new long[256];
    private static final long[] T13 = new long[256];
    private static final long[] T14 = new long[256];
    private static final long[] T15 = new long[256];
    /** {@code POWERS[j][d]} is x^(8 * d * 256^j): what {@code d * 256^j} zero bytes multiply a checksum by. */
    private static final long[][] POWERS = new long[8][256];

    private static final long[] NIBBLE = new long[16];
    private static final long LANE_SHIFT;

    static {
        long[][] tables = {T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15};
        for (int i = 0; i < 256; i++) {
            T0[i] = divide(i, 8);
        }
        for (int k = 1; k < 16; k++) {
            for (int i = 0; i < 256; i++) {
                long before = tables[k - 1][i];
                tables[k][i] = (before >>> 8) ^ T0[(int) before & 0xff];
            }
        }
        for (int i = 0; i < 16; i++) {
            NIBBLE[i] = divide(i, 4);
        }
        long one = 1L << 63;
        long base = 1L << (63 - 8);
        for (long[] power : POWERS) {
            power[0] = one;
            for (int d = 1; d < 256; d++) {
                power[d] = multiply(power[d - 1], base);
            }
            base = multiply(power[255], base);
        }
        LANE_SHIFT = shift(one, LANE);
    }

    private Crc64() {}

    private static long divide(long value, int bits) {
        long crc = value;
        for (int k = 0; k < bits; k++) {
            crc = (crc & 1) != 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
        }
        return crc;
    }

    /** Product of two polynomials modulo the CRC's, both reflected. */
    private static long multiply(long a, long b) {
        long b1 = divide(b, 1);
        long b2 = divide(b, 2);
        long b3 = divide(b, 3);
        long product = 0;
        for (int i = 0; i < 64; i += 4) {
            int nibble = (int) (a >>> i) & 15;
            product = (product >>> 4) ^ NIBBLE[(int) product & 15];
            product ^= (b & -(long) (nibble >> 3))
                    ^ (b1 & -(long) ((nibble >> 2) & 1))
                    ^ (b2 & -(long) ((nibble >> 1) & 1))
                    ^ (b3 & -(long) (nibble & 1));
        }
        return product;
    }

    /** The checksum after {@code length} more bytes of zero. */
    public static long shift(long crc, long length) {
        long result = crc;
        int j = 0;
        for (long rest = length; rest != 0; rest >>>= 8) {
            int digit = (int) rest & 0xff;
            if (digit != 0) {
                result = multiply(result, POWERS[j][digit]);
            }
            j++;
        }
        return result;
    }

    /** The checksum {@code crc} of what came before, extended by one byte. */
    public static long update(long crc, int next) {
        return (crc >>> 8) ^ T0[((int) crc ^ next) & 0xff];
    }

    /** The checksum {@code crc} of what came before, extended by {@code length} bytes of {@code data}. */
    public static long update(long crc, byte[] data, int offset, int length) {
        int at = offset;
        int rest = length;
        long result = crc;
        while (rest >= THREE_LANES) {
            result = threeLanes(result, data, at);
            at += THREE_LANES;
            rest -= THREE_LANES;
        }
        return bySixteen(result, data, at, rest);
    }

    private static long bySixteen(long crc, byte[] data, int offset, int length) {
        int at = offset;
        int end = offset + length;
        long c = crc;
        for (; at + 16 <= end; at += 16) {
            c ^= (long) LITTLE_ENDIAN_LONG.get(data, at);
            long d = (long) LITTLE_ENDIAN_LONG.get(data, at + 8);
            long upper = ((T15[(int) c & 255] ^ T14[(int) (c >>> 8) & 255])
                            ^ (T13[(int) (c >>> 16) & 255] ^ T12[(int) (c >>> 24) & 255]))
                    ^ ((T11[(int) (c >>> 32) & 255] ^ T10[(int) (c >>> 40) & 255])
                            ^ (T9[(int) (c >>> 48) & 255] ^ T8[(int) (c >>> 56)]));
            c = eight(d) ^ upper;
        }
        if (at + 8 <= end) {
            c = eight(c ^ (long) LITTLE_ENDIAN_LONG.get(data, at));
            at += 8;
        }
        for (; at < end; at++) {
            c = update(c, data[at]);
        }
        return c;
    }

    private static long eight(long c) {
        return ((T7[(int) c & 255] ^ T6[(int) (c >>> 8) & 255])
                        ^ (T5[(int) (c >>> 16) & 255] ^ T4[(int) (c >>> 24) & 255]))
                ^ ((T3[(int) (c >>> 32) & 255] ^ T2[(int) (c >>> 40) & 255])
                        ^ (T1[(int) (c >>> 48) & 255] ^ T0[(int) (c >>> 56)]));
    }

    /** Three independent chains keep the processor's load units busy, where one would wait for its own last look-up. */
    private static long threeLanes(long crc, byte[] data, int offset) {
        long first = crc;
        long second = 0;
        long third = 0;
        int end = offset + LANE;
        for (int at = offset; at < end; at += 8) {
            first = eight(first ^ (long) LITTLE_ENDIAN_LONG.get(data, at));
            second = eight(second ^ (long) LITTLE_ENDIAN_LONG.get(data, at + LANE));
            third = eight(third ^ (long) LITTLE_ENDIAN_LONG.get(data, at + 2 * LANE));
        }
        return multiply(multiply(first, LANE_SHIFT) ^ second, LANE_SHIFT) ^ third;
    }
}
