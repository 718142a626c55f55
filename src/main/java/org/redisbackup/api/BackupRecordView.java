package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.redisbackup.task.BackupRecord;

/** A backup in the answer of ListBackupRecords. All fields are declared by the contract, also those that stay null. */
record BackupRecordView(
        @JsonProperty("backup_id") String backupId,
        @JsonProperty("backup_name") String backupName,
        @JsonProperty("instance_id") String instanceId,
        @JsonProperty("size") Long size,
        @JsonProperty("backup_type") String backupType,
        @JsonProperty("status") String status,
        @JsonProperty("backup_format") String backupFormat,
        @JsonProperty("created_at") String createdAt,
        @JsonProperty("updated_at") String updatedAt,
        @JsonProperty("execution_at") String executionAt,
        @JsonProperty("progress") String progress,
        @JsonProperty("is_support_restore") String isSupportRestore,
        @JsonProperty("period") String period,
        @JsonProperty("remark") String remark,
        @JsonProperty("error_code") String errorCode) {
    static BackupRecordView of(BackupRecord backup) {
        String created = ApiTime.of(backup.created());
        String file = backup.keys().get(0).toLowerCase(Locale.ROOT);
        return new BackupRecordView(
                backup.id(),
                backup.name(),
                backup.instance().id(),
                backup.size(),
                "manual",
                "succeed",
                file.endsWith(".aof") ? "aof" : "rdb",
                created,
                created,
                created,
                "100.00",
                "TRUE",
                null,
                null,
                null);
    }
}
