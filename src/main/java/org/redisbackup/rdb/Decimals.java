package org.redisbackup.rdb;

/** Integers as decimal text. */
public final class Decimals {
    private Decimals() {}

    /**
     * Writes a number so that its last digit is the last byte of {@code target}.
     *
     * @param target has room for 20 bytes
     * @return where the text starts
     */
    public static int write(long number, byte[] target) {
        int at = target.length;
        long rest = number;
        do {
            long quotient = rest / 10;
            target[--at] = (byte) ('0' + Math.abs((int) (rest - quotient * 10)));
            rest = quotient;
        } while (rest != 0);
        if (number < 0) {
            target[--at] = '-';
        }
        return at;
    }
}
