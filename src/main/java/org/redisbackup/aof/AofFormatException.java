package org.redisbackup.aof;

import org.redisbackup.rdb.BackupFormatException;

/** The bytes are not what an append-only file may hold there. */
public class AofFormatException extends BackupFormatException {
    private static final long serialVersionUID = 1L;

    /**
     * @param offset bytes from the start of the file to the place that is wrong
     * @param problem a sentence without its full stop: what is there, and what was expected
     */
    public AofFormatException(long offset, String problem) {
        super(offset, problem);
    }
}
