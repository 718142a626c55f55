package org.redisbackup.component;

import org.redisbackup.rdb.KeyBatch;

/**
 * What a backup says about one key, for routes that handle keys one by one ({@code batchKeys=1}). A batch of one key
 * converts to it: {@code ${bodyAs(org.redisbackup.component.KeyRecord).key}}.
 *
 * @param db database number
 * @param key as UTF-8 text; bytes that are none become U+FFFD ({@link KeyBatch#key} has them as they are)
 * @param type what the {@code TYPE} command calls the value, and {@code module} for values of modules
 * @param expireAt Unix milliseconds at which the key ends; null when it never does
 * @param idleSeconds since the key was last used; null when the file does not say
 * @param frequency logarithmic access counter, 0-255; null when the file does not say
 * @param valueBytes length of the value as stored in the file; -1 of one that is streamed and whose end is not found yet
 * @param offset bytes from the start of the RDB stream to the record
 */
public record KeyRecord(
        int db,
        String key,
        String type,
        Long expireAt,
        Long idleSeconds,
        Integer frequency,
        long valueBytes,
        long offset) {}
