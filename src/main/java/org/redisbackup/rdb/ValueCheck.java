package org.redisbackup.rdb;

import java.io.IOException;

/**
 * Looks at each value that is whole in memory before it is handed out: servers up to Redis 8 take a malformed one and
 * die when it is read.
 */
@FunctionalInterface
public interface ValueCheck {
    /** Lets every value pass. */
    ValueCheck NONE = (type, templates, bytes, from, length, offset) -> {};

    /**
     * Checks one value.
     *
     * @param templates that the file has defined so far
     * @param offset of the value in the file
     * @throws RdbFormatException when a server would refuse it, or come to harm by it
     */
    void check(ValueType type, HashTemplates templates, byte[] bytes, int from, int length, long offset)
            throws IOException;

    /**
     * The value that was found sound last in a form that costs servers less than the one in the file; null when that is the
     * best. It is good until the next check.
     */
    default Slice cheaperForm() {
        return null;
    }
}
