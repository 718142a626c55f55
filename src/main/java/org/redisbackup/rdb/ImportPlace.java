package org.redisbackup.rdb;

/**
 * Where a batch stands in an import that may have been broken off before.
 *
 * @param name of the import of this backup: the same when it goes on after it was broken off
 * @param before pieces of the backup that stand before the batch, as {@link BackupBatch#pieces} counts them
 * @param maybeSent whether the import may have sent pieces of the batch before it was broken off, without knowing it now
 */
public record ImportPlace(String name, long before, boolean maybeSent) {}
