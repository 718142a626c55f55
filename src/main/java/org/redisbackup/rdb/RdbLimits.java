package org.redisbackup.rdb;

/**
 * What a reader accepts from a file before it refuses it, and how much it holds in memory.
 *
 * @param maxBufferedValue bytes; a larger value is streamed, but for one of a module, which is reported as oversized and
 *     skipped
 * @param maxKey bytes of one key; a file with a longer one is refused
 * @param maxAuxiliary bytes of one function library or script, and an eighth of what all hash templates may take; a file
 *     with more is refused
 * @param unknownVersion what happens to a file of a newer version than those that are known
 * @param validation what happens when the reader's {@link ValueCheck} refuses a value
 */
public record RdbLimits(
        int maxBufferedValue,
        int maxKey,
        int maxAuxiliary,
        UnknownVersion unknownVersion,
        ValidationPolicy validation) {
    private static final int MIB = 1 << 20;

    /** Bytes of heap that the service takes when it does nothing, about. */
    private static final int PROCESS = 32 * MIB;

    /** Of a string that servers hold. */
    private static final int SERVER_STRING_LIMIT = 512 * MIB;

    public RdbLimits {
        if (maxBufferedValue < 1 || maxKey < 1 || maxAuxiliary < 1) {
            throw new IllegalArgumentException("every limit must be at least 1 byte");
        }
    }

    /** Limits that refuse a file of an unknown version and a file with an invalid value. */
    public RdbLimits(int maxBufferedValue, int maxKey, int maxAuxiliary) {
        this(maxBufferedValue, maxKey, maxAuxiliary, UnknownVersion.FAIL, ValidationPolicy.FAIL);
    }

    /**
     * Limits for the heap of this process: a value may fill a ninth of what the process itself leaves of it. Two such values
     * exist at once, and two files may be read side by side.
     */
    public static RdbLimits forThisHeap() {
        long share = (Runtime.getRuntime().maxMemory() - PROCESS) / 9;
        int value = (int) Math.max(MIB, Math.min(share, SERVER_STRING_LIMIT));
        return new RdbLimits(value, Math.max(MIB, value / 2), Math.min(value, 2 * MIB));
    }

    /**
     * Bytes that the memory of a command, an element or a batch of small values may grow to: half of {@link
     * #maxBufferedValue}, as it exists twice while it grows.
     */
    public int maxGrown() {
        return Math.max(1, maxBufferedValue / 2);
    }

    public RdbLimits withMaxBufferedValue(int bytes) {
        return new RdbLimits(bytes, maxKey, maxAuxiliary, unknownVersion, validation);
    }

    public RdbLimits withUnknownVersion(UnknownVersion policy) {
        return new RdbLimits(maxBufferedValue, maxKey, maxAuxiliary, policy, validation);
    }

    public RdbLimits withValidation(ValidationPolicy policy) {
        return new RdbLimits(maxBufferedValue, maxKey, maxAuxiliary, unknownVersion, policy);
    }
}
