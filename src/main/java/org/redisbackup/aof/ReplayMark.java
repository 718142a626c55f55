package org.redisbackup.aof;

/**
 * Where a target remembers how far a replay is, so that an import that ended early executes no command twice.
 *
 * @param key on the target, in database 0
 * @param before commands and other pieces of the backup that stand before the batch
 */
public record ReplayMark(String key, long before) {}
