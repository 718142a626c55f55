package org.redisbackup.rdb;

/**
 * Decompression of LZF, with which servers compress strings of more than 20 bytes. A control byte below 32 starts a
 * run of that many plus one literal bytes; any other holds a length (top 3 bits, 7 meaning that a further byte adds to
 * it) and, with the byte after it, how far back to copy from.
 */
public final class Lzf {
    /** Three bytes copy at most 264, so no honest string grows by more than this. */
    private static final int MAX_RATIO = 88;

    private Lzf() {}

    /** Whether {@code compressed} bytes can hold {@code plain} bytes at all. */
    static boolean isPlausible(long compressed, long plain) {
        return plain >= 0 && plain <= MAX_RATIO * compressed + 64;
    }

    /**
     * Writes {@code plainLength} bytes to the start of {@code plain}, or gives false when the data is not exactly one LZF
     * stream of that length.
     */
    public static boolean decompress(byte[] data, int offset, int length, byte[] plain, int plainLength) {
        int in = offset;
        int end = offset + length;
        int out = 0;
        while (in < end) {
            int control = data[in++] & 0xff;
            if (control < 32) {
                int run = control + 1;
                if (run > end - in || run > plainLength - out) {
                    return false;
                }
                System.arraycopy(data, in, plain, out, run);
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
            int from = out - (((control & 31) << 8) | (data[in++] & 0xff)) - 1;
            if (from < 0 || copy > plainLength - out) {
                return false;
            }
            // byte by byte, because source and destination may overlap: that is how runs are stored
            for (int i = 0; i < copy; i++) {
                plain[out++] = plain[from++];
            }
        }
        return out == plainLength;
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
