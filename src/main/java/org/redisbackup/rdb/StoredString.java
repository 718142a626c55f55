package org.redisbackup.rdb;

/** How the string values of a batch are stored: as their own bytes behind a length, as an integer, or compressed. */
public final class StoredString {
    private static final int INT_8 = 0xC0;
    private static final int INT_16 = 0xC1;
    private static final int INT_32 = 0xC2;
    private static final int LENGTH_32 = 0x80;

    private StoredString() {}

    /** Whether the value, which lies in the arena, is not compressed. */
    public static boolean isUncompressed(KeyBatch batch, int i) {
        return first(batch, i) <= INT_32;
    }

    /** Whether the uncompressed value is an {@link #integer}. */
    public static boolean isInteger(KeyBatch batch, int i) {
        return first(batch, i) >= INT_8;
    }

    /** The value whose decimal digits are the string. */
    public static int integer(KeyBatch batch, int i) {
        byte[] arena = batch.arena();
        int at = batch.valueOffset(i) + 1;
        return switch (first(batch, i)) {
            case INT_8 -> arena[at];
            case INT_16 -> (short) ((arena[at] & 0xff) | arena[at + 1] << 8);
            default ->
                (arena[at] & 0xff) | (arena[at + 1] & 0xff) << 8 | (arena[at + 2] & 0xff) << 16 | arena[at + 3] << 24;
        };
    }

    /** Bytes of the length in front of a string that is neither compressed nor an integer: 1 to 9. */
    public static int headerLength(KeyBatch batch, int i) {
        int first = first(batch, i);
        return first < 0x40 ? 1 : first < 0x80 ? 2 : first == LENGTH_32 ? 5 : 9;
    }

    private static int first(KeyBatch batch, int i) {
        return batch.arena()[batch.valueOffset(i)] & 0xff;
    }
}
