package org.redisbackup.redis;

import java.io.IOException;

/** A backup could not be read to the end of a value that was being sent. The cause says why. */
final class BrokenValueException extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenValueException(IOException cause) {
        super("the backup broke while the value was sent: " + cause.getMessage(), cause);
    }
}
