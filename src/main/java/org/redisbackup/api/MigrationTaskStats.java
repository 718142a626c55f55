package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.SortedMap;
import org.redisbackup.task.TaskStats;

/**
 * Answer of ShowMigrationTaskStats: decimal strings, as the contract declares them. The fields from {@code read_bytes}
 * on go beyond the contract; clients ignore fields that they don't know.
 *
 * @param fullMigrationProgress percent of the bytes, 0 to 100
 * @param offset of a replication stream, which a backup has not: 0
 * @param sourceDbsize keys read from the backup so far
 * @param targetDbsize of them, keys that are on the target now
 * @param targetInputKbps average KiB a second
 * @param targetOps average keys a second
 * @param paused why the import pauses; left out when it does not
 */
record MigrationTaskStats(
        @JsonProperty("full_migration_progress") String fullMigrationProgress,
        @JsonProperty("offset") String offset,
        @JsonProperty("source_dbsize") String sourceDbsize,
        @JsonProperty("target_dbsize") String targetDbsize,
        @JsonProperty("target_input_kbps") String targetInputKbps,
        @JsonProperty("target_ops") String targetOps,
        @JsonProperty("is_migrating") Boolean isMigrating,
        @JsonProperty("read_bytes") String readBytes,
        @JsonProperty("total_bytes") String totalBytes,
        @JsonProperty("imported_keys") String importedKeys,
        @JsonProperty("replaced_keys") String replacedKeys,
        @JsonProperty("skipped_keys") String skippedKeys,
        @JsonProperty("expired_keys") String expiredKeys,
        @JsonProperty("filtered_keys") String filteredKeys,
        @JsonProperty("unchanged_keys") String unchangedKeys,
        @JsonProperty("unsupported_keys") String unsupportedKeys,
        @JsonProperty("failed_keys") String failedKeys,
        @JsonProperty("deleted_keys") String deletedKeys,
        @JsonProperty("functions") String functions,
        @JsonProperty("failed_functions") String failedFunctions,
        @JsonProperty("scripts") String scripts,
        @JsonProperty("failed_scripts") String failedScripts,
        @JsonProperty("commands") String commands,
        @JsonProperty("failed_commands") String failedCommands,
        @JsonProperty("verified_keys") String verifiedKeys,
        @JsonProperty("different_keys") String differentKeys,
        @JsonProperty("keys_by_type") SortedMap<String, SortedMap<String, Long>> keysByType,
        @JsonProperty("keys_by_database") SortedMap<Integer, SortedMap<String, Long>> keysByDatabase,
        @JsonProperty("losses") SortedMap<String, Long> losses,
        @JsonInclude(JsonInclude.Include.NON_NULL) @JsonProperty("paused") String paused) {
    static MigrationTaskStats of(TaskStats stats) {
        return new MigrationTaskStats(
                Integer.toString(stats.percent()),
                "0",
                Long.toString(stats.keys()),
                Long.toString(stats.imported() + stats.replaced() + stats.unchanged()),
                Long.toString(stats.kibibytesPerSecond()),
                Long.toString(stats.keysPerSecond()),
                !stats.status().isFinished(),
                Long.toString(stats.bytesRead()),
                Long.toString(stats.bytesTotal()),
                Long.toString(stats.imported()),
                Long.toString(stats.replaced()),
                Long.toString(stats.skipped()),
                Long.toString(stats.expired()),
                Long.toString(stats.filtered()),
                Long.toString(stats.unchanged()),
                Long.toString(stats.unsupported()),
                Long.toString(stats.failed()),
                Long.toString(stats.deleted()),
                Long.toString(stats.functions()),
                Long.toString(stats.failedFunctions()),
                Long.toString(stats.scripts()),
                Long.toString(stats.failedScripts()),
                Long.toString(stats.commands()),
                Long.toString(stats.failedCommands()),
                Long.toString(stats.verifiedKeys()),
                Long.toString(stats.differentKeys()),
                stats.keysByType(),
                stats.keysByDatabase(),
                stats.losses(),
                stats.paused());
    }
}
