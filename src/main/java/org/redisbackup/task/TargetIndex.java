package org.redisbackup.task;

/**
 * Which index of keys tells what a target holds. The index itself lies on the disk of the instance that made it; this is
 * in the state Redis, so that no instance takes an index for current after another one has imported something else.
 *
 * @param series of backups that the index is of
 * @param id of the index; null when there is none, because the first import of the series has not succeeded yet
 * @param settled whether the target holds what the index says. Else only these keys, and others, may be there: an import
 *     has begun since, and has not succeeded
 * @param holder session of the run that has begun since, or null
 */
record TargetIndex(String series, String id, boolean settled, String holder) {}
