package org.redisbackup.rdb.decode;

/** The id of an entry of a stream. Both halves are unsigned. */
record StreamId(long millis, long sequence) implements Comparable<StreamId> {
    static final StreamId ZERO = new StreamId(0, 0);

    /** The lowest id that an entry can have. */
    static final StreamId LOWEST = new StreamId(0, 1);

    @Override
    public int compareTo(StreamId other) {
        int order = Long.compareUnsigned(millis, other.millis);
        return order != 0 ? order : Long.compareUnsigned(sequence, other.sequence);
    }

    @Override
    public String toString() {
        return Long.toUnsignedString(millis) + "-" + Long.toUnsignedString(sequence);
    }
}
