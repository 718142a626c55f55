package org.redisbackup.analysis;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;

/**
 * What a backup holds, in a form that Jackson writes as it is.
 *
 * @param total all keys
 * @param databases by number
 * @param types by what the {@code TYPE} command calls them
 * @param encodings by how the backup holds the values, such as {@code hash_listpack}
 * @param largest keys, the largest first
 * @param slots where the keys would lie in a cluster
 * @param functions function libraries
 */
public record BackupReport(
        KeyCounts total,
        SortedMap<Integer, KeyCounts> databases,
        SortedMap<String, KeyCounts> types,
        SortedMap<String, KeyCounts> encodings,
        List<LargeKey> largest,
        SlotSpread slots,
        long functions)
        implements Serializable {}
