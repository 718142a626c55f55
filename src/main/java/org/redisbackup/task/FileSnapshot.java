package org.redisbackup.task;

import java.io.Serializable;
import org.redisbackup.redis.ComparisonResult;
import org.redisbackup.redis.RestoreResult;

/**
 * How far one file is; the bytes and the counts of several can be added up.
 *
 * @param bytesRead of the object, 0 to {@code bytesTotal}
 * @param bytesTotal size of the object
 * @param result what became of the keys so far
 * @param comparison of the target with the file after the import
 * @param error one sentence when the file failed, else null
 */
public record FileSnapshot(
        long bytesRead, long bytesTotal, RestoreResult result, ComparisonResult comparison, String error)
        implements Serializable {
    static final FileSnapshot NONE = new FileSnapshot(0, 0, RestoreResult.NONE, null, null);

    /** One that was kept by an older version has no comparison. */
    public FileSnapshot {
        comparison = comparison == null ? ComparisonResult.NONE : comparison;
    }

    /** Of a file that could not even be opened. */
    static FileSnapshot failed(String error) {
        return new FileSnapshot(0, 0, RestoreResult.NONE, null, error);
    }

    FileSnapshot plus(FileSnapshot other) {
        return new FileSnapshot(
                bytesRead + other.bytesRead,
                bytesTotal + other.bytesTotal,
                result.plus(other.result),
                comparison.plus(other.comparison),
                error == null ? other.error : error);
    }
}
