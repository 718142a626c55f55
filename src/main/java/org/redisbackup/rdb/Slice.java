package org.redisbackup.rdb;

/** A range of an array that holds a value as it stands in files. One is reused for many ranges. */
public final class Slice {
    private byte[] bytes;
    private int from;
    private int length;

    /** Goes to another range. */
    public Slice over(byte[] array, int start, int count) {
        bytes = array;
        from = start;
        length = count;
        return this;
    }

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int length() {
        return length;
    }
}
