package org.redisbackup.rdb;

/** The bytes are not what the RDB format allows there. */
public class RdbFormatException extends BackupFormatException {
    private static final long serialVersionUID = 1L;

    /**
     * @param offset bytes from the start of the stream to the place that is wrong
     * @param problem a sentence without its full stop: what is there, and what was expected
     */
    public RdbFormatException(long offset, String problem) {
        super(offset, problem);
    }
}
