package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Body of CreateMigrationTask, as sent: nothing is checked yet. Fields that only online migration uses are ignored. */
record CreateMigrationTaskRequest(
        @JsonProperty("task_name") String taskName,
        @JsonProperty("description") String description,
        @JsonProperty("migration_type") String migrationType,
        @JsonProperty("migration_method") String migrationMethod,
        @JsonProperty("network_type") String networkType,
        @JsonProperty("backup_files") BackupFiles backupFiles,
        @JsonProperty("target_instance") TargetInstance targetInstance) {

    /** Where the backup lies. */
    record BackupFiles(
            @JsonProperty("file_source") String fileSource,
            @JsonProperty("bucket_name") String bucketName,
            @JsonProperty("files") List<File> files,
            @JsonProperty("backup_id") String backupId) {}

    /** One file of the bucket. */
    record File(
            @JsonProperty("file_name") String fileName,
            @JsonProperty("size") String size,
            @JsonProperty("update_at") String updateAt) {}

    /** Where the keys go; the password is for this request alone. */
    record TargetInstance(@JsonProperty("id") String id, @JsonProperty("password") String password) {
        @Override
        public String toString() {
            return "TargetInstance[id=" + id + "]";
        }
    }
}
