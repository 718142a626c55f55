package org.redisbackup.rdb;

import java.io.IOException;

/** The bytes are not what the format allows there. The message says what was found, at which offset, and what was due. */
public class RdbFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String problem;

    /**
     * @param offset bytes from the start of the stream to the place that is wrong
     * @param problem a sentence without its full stop: what is there, and what was expected
     */
    public RdbFormatException(long offset, String problem) {
        super(problem + " (at byte " + offset + ")");
        this.offset = offset;
        this.problem = problem;
    }

    /** The message without the offset. */
    public String problem() {
        return problem;
    }

    /** Bytes from the start of the stream to the place that is wrong. */
    public long offset() {
        return offset;
    }
}
