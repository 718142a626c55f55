package org.redisbackup.rdb;

import java.io.Serializable;

/**
 * A place between two key records where reading can go on.
 *
 * @param offset bytes from the start of the stream to the next record
 * @param db the database that is selected there
 */
public record Checkpoint(long offset, int db) implements Serializable {}
