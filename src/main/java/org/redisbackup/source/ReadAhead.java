package org.redisbackup.source;

/**
 * How far the reading of one object runs ahead of whoever uses its bytes.
 *
 * @param partBytes size of a part, of which each is one request when several are on their way at once; at least 1
 * @param parts that are held in memory, and so on their way at once, at most; at least 1
 */
record ReadAhead(int partBytes, int parts) {
    /** With more, a bucket in the same region gains nothing: each connection brings some 50 to 100 MB a second. */
    private static final int PARTS = 4;

    /** Multiples of a million: just below the powers of two in which the garbage collector cuts up the heap. */
    private static final int SMALLEST = 250_000;

    private static final int LARGEST = 4_000_000;

    /** More than it takes: a heap of a power of two has shares that are powers of two. */
    private static final int ARRAY_HEAD = 64;

    ReadAhead {
        if (partBytes < 1 || parts < 1) {
            throw new IllegalArgumentException("reading ahead takes at least 1 part of 1 byte");
        }
    }

    /** Of the object that are held in memory at most. */
    int bytes() {
        return partBytes * parts;
    }

    /** At most a 16th of the heap of this process, as two files may be read side by side, and at most 16 MB. */
    static ReadAhead forThisHeap() {
        long share = Runtime.getRuntime().maxMemory() / (16 * PARTS);
        return new ReadAhead((int) Math.max(SMALLEST, Math.min(share - ARRAY_HEAD, LARGEST)), PARTS);
    }
}
