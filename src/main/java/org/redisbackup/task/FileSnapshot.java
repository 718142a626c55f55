package org.redisbackup.task;

import java.io.Serializable;
import org.redisbackup.redis.RestoreResult;

/**
 * How far one file is; the bytes and the counts of several can be added up.
 *
 * @param bytesRead of the object, 0 to {@code bytesTotal}
 * @param bytesTotal size of the object
 * @param result what became of the keys so far
 * @param error one sentence when the file failed, else null
 */
public record FileSnapshot(long bytesRead, long bytesTotal, RestoreResult result, String error)
        implements Serializable {
    static final FileSnapshot NONE = new FileSnapshot(0, 0, RestoreResult.NONE, null);

    /** Of a file that could not even be opened. */
    static FileSnapshot failed(String error) {
        return new FileSnapshot(0, 0, RestoreResult.NONE, error);
    }

    FileSnapshot plus(FileSnapshot other) {
        return new FileSnapshot(
                bytesRead + other.bytesRead,
                bytesTotal + other.bytesTotal,
                result.plus(other.result),
                error == null ? other.error : error);
    }
}
