package org.redisbackup.rdb;

import java.io.IOException;

/**
 * The bytes of a backup are not what its format allows there. The message says what was found, at which offset, and what
 * was due.
 */
public class BackupFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String problem;

    /**
     * @param offset bytes from the start of the stream to the place that is wrong
     * @param problem a sentence without its full stop: what is there, and what was expected
     */
    public BackupFormatException(long offset, String problem) {
        super(problem + " (at byte " + offset + ")");
        this.offset = offset;
        this.problem = problem;
    }

    /** Bytes from the start of the stream to the place that is wrong. */
    public long offset() {
        return offset;
    }

    /** The sentence without the place. */
    public String problem() {
        return problem;
    }
}
