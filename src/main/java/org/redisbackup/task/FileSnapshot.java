package org.redisbackup.task;

import org.redisbackup.redis.RestoreResult;

/**
 * How far one file is, as the state store keeps it.
 *
 * @param bytesRead of the object, 0 to {@code bytesTotal}
 * @param bytesTotal size of the object
 * @param result what became of the keys so far
 * @param error one sentence when the file failed, else null
 */
public record FileSnapshot(long bytesRead, long bytesTotal, RestoreResult result, String error) {
    FileSnapshot plus(FileSnapshot other) {
        return new FileSnapshot(
                bytesRead + other.bytesRead,
                bytesTotal + other.bytesTotal,
                result.plus(other.result),
                error == null ? other.error : error);
    }
}
