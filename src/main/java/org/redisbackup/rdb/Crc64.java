package org.redisbackup.rdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * CRC-64 as Redis uses it for files and payloads: polynomial 0xad93d23594c935a9 ("Jones"), reflected, initial value 0,
 * no final xor. The check value of {@code "123456789"} is 0xe9c6d914c4b8d9ca.
 *
 * <p>Sixteen bytes a step by table; from {@value #TWO_LANES} bytes on two lanes side by side, which are joined by
 * {@link #shift}: with initial value 0 and no final xor the checksum is linear, so that the checksum of a part follows
 * from the running checksum before and after it.
 */
public final class Crc64 {
    private static final long POLYNOMIAL = 0x95AC9329AC4BC9B5L; // reflected
    private static final int WORDS = 2; // of eight bytes, a step
    private static final int LANE = 1024;
    static final int TWO_LANES = 2 * LANE;

    private static final VarHandle LITTLE_ENDIAN_LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Entry {@code 256 * k + b} is what the byte b becomes when k bytes more are gone over; one array needs one register. */
    private static final long[] TABLE = new long[WORDS * 8 * 256];

    /** {@code POWERS[j][d]} is x^(8 * d * 256^j): what {@code d * 256^j} zero bytes multiply a checksum by. */
    private static final long[][] POWERS = new long[8][256];

    private static final long[] NIBBLE = new long[16];
    private static final long LANE_SHIFT;

    static {
        for (int i = 0; i < 256; i++) {
            TABLE[i] = divide(i, 8);
        }
        for (int i = 256; i < TABLE.length; i++) {
            TABLE[i] = update(TABLE[i - 256], 0);
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
        return (crc >>> 8) ^ TABLE[((int) crc ^ next) & 0xff];
    }

    /** The checksum {@code crc} of what came before, extended by {@code length} bytes of {@code data}. */
    public static long update(long crc, byte[] data, int offset, int length) {
        int at = offset;
        int rest = length;
        long result = crc;
        while (rest >= TWO_LANES) {
            result = twoLanes(result, data, at);
            at += TWO_LANES;
            rest -= TWO_LANES;
        }
        return oneLane(result, data, at, rest);
    }

    private static long oneLane(long crc, byte[] data, int offset, int length) {
        int at = offset;
        int end = offset + length;
        long c = crc;
        for (; at + 16 <= end; at += 16) {
            c = word(c ^ (long) LITTLE_ENDIAN_LONG.get(data, at), 8 * 256)
                    ^ word((long) LITTLE_ENDIAN_LONG.get(data, at + 8), 0);
        }
        if (at + 8 <= end) {
            c = word(c ^ (long) LITTLE_ENDIAN_LONG.get(data, at), 0);
            at += 8;
        }
        for (; at < end; at++) {
            c = update(c, data[at]);
        }
        return c;
    }

    /**
     * What eight bytes become.
     *
     * @param table where the entries for them start: 0, or 8 * 256 when eight bytes more are gone over
     */
    private static long word(long c, int table) {
        return ((TABLE[table + 7 * 256 + ((int) c & 255)] ^ TABLE[table + 6 * 256 + ((int) (c >>> 8) & 255)])
                        ^ (TABLE[table + 5 * 256 + ((int) (c >>> 16) & 255)]
                                ^ TABLE[table + 4 * 256 + ((int) (c >>> 24) & 255)]))
                ^ ((TABLE[table + 3 * 256 + ((int) (c >>> 32) & 255)]
                                ^ TABLE[table + 2 * 256 + ((int) (c >>> 40) & 255)])
                        ^ (TABLE[table + 256 + ((int) (c >>> 48) & 255)] ^ TABLE[table + (int) (c >>> 56)]));
    }

    /** Two independent chains keep the processor's load units busy, where one would wait for its own last look-up. */
    private static long twoLanes(long crc, byte[] data, int offset) {
        long first = crc;
        long second = 0;
        int end = offset + LANE;
        for (int at = offset; at < end; at += 8) {
            first = word(first ^ (long) LITTLE_ENDIAN_LONG.get(data, at), 0);
            second = word(second ^ (long) LITTLE_ENDIAN_LONG.get(data, at + LANE), 0);
        }
        return multiply(first, LANE_SHIFT) ^ second;
    }
}
