package org.redisbackup.rdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decompression of LZF, with which servers compress strings of more than 20 bytes. A control byte below 32 starts a
 * run of that many plus one literal bytes; any other holds a length (top 3 bits, 7 meaning that a further byte adds to
 * it) and, with the byte after it, how far back to copy from.
 */
public final class Lzf {
    /** Three bytes copy at most 264, so no honest string grows by more than this. */
    private static final int MAX_RATIO = 88;

    private static final int LONGEST_RUN = 32;
    /** Bytes behind the plain ones that let whole words be written everywhere. */
    public static final int SLACK = LONGEST_RUN;

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Lzf() {}

    /** Whether {@code compressed} bytes can hold {@code plain} bytes at all. */
    static boolean isPlausible(long compressed, long plain) {
        return plain >= 0 && plain <= MAX_RATIO * compressed + 64;
    }

    /**
     * Writes {@code plainLength} bytes to the start of {@code plain}, or gives false when the data is not exactly one LZF
     * stream of that length. See {@link #decompress(byte[], int, int, byte[], int, int)}.
     */
    public static boolean decompress(byte[] data, int offset, int length, byte[] plain, int plainLength) {
        return decompress(data, offset, length, plain, 0, plainLength);
    }

    /**
     * Writes {@code plainLength} bytes to {@code plain}, or gives false when the data is not exactly one LZF stream of
     * that length. What {@code plain} holds behind them may be overwritten too: with {@value #SLACK} bytes of room there it
     * goes faster.
     */
    public static boolean decompress(
            byte[] data, int offset, int length, byte[] plain, int plainOffset, int plainLength) {
        int in = offset;
        int end = offset + length;
        int out = plainOffset;
        int plainEnd = plainOffset + plainLength;
        int fastIn = data.length - LONGEST_RUN;
        int fastOut = plain.length - SLACK;
        while (in < end) {
            int control = data[in++] & 0xff;
            if (control < LONGEST_RUN) {
                int run = control + 1;
                if (run > end - in || run > plainEnd - out) {
                    return false;
                }
                if (in <= fastIn && out <= fastOut) {
                    LONG.set(plain, out, (long) LONG.get(data, in));
                    LONG.set(plain, out + 8, (long) LONG.get(data, in + 8));
                    LONG.set(plain, out + 16, (long) LONG.get(data, in + 16));
                    LONG.set(plain, out + 24, (long) LONG.get(data, in + 24));
                } else {
                    System.arraycopy(data, in, plain, out, run);
                }
                in += run;
                out += run;
                continue;
            }
            int copy = (control >> 5) + 2;
            if (control >> 5 == 7) {
                if (in == end) {
                    return false;
                }
                copy += data[in++] & 0xff;
            }
            if (in == end) {
                return false;
            }
            int back = (((control & 31) << 8) | (data[in++] & 0xff)) + 1;
            if (back > out - plainOffset || copy > plainEnd - out) {
                return false;
            }
            if (back >= Long.BYTES && out + copy <= fastOut) {
                for (int i = 0; i < copy; i += Long.BYTES) {
                    LONG.set(plain, out + i, (long) LONG.get(plain, out + i - back));
                }
            } else {
                // byte by byte, because source and destination may overlap: that is how runs are stored
                for (int i = out; i < out + copy; i++) {
                    plain[i] = plain[i - back];
                }
            }
            out += copy;
        }
        return out == plainEnd;
    }

    /** Whether the data is exactly one LZF stream that gives so many bytes, found without giving them. */
    public static boolean isValid(byte[] data, int offset, int length, long plainLength) {
        int in = offset;
        int end = offset + length;
        long out = 0;
        while (in < end) {
            int control = data[in] & 0xff;
            if (control < 32) {
                in += control + 2;
                out += control + 1;
                continue;
            }
            int copy = (control >> 5) + 2;
            int size = 2;
            if (copy == 9) {
                size = 3;
                copy += in + 1 < end ? data[in + 1] & 0xff : 0;
            }
            if (in + size > end || (((control & 31) << 8) | (data[in + size - 1] & 0xff)) >= out) {
                return false;
            }
            in += size;
            out += copy;
        }
        return in == end && out == plainLength;
    }
}
