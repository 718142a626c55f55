package org.redisbackup.task;

import java.io.Serializable;
import org.redisbackup.redis.RestoreResult;

/**
 * How one file of a task ended.
 *
 * @param file {@code s3://bucket/key}
 * @param result what became of the keys that were read, also when the file failed later on
 * @param error one sentence, or null when the file was read to its end
 */
public record FileResult(String file, RestoreResult result, String error) implements Serializable {}
