package org.redisbackup.task;

import java.io.Serializable;

/**
 * How one file of a task ended.
 *
 * @param file {@code s3://bucket/key}
 * @param end how far it came; has an error when the file was not read to its end
 */
public record FileResult(String file, FileSnapshot end) implements Serializable {}
