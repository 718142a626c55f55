package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;

/**
 * Body of CreateMigrationTask, as sent: nothing is checked yet. Fields that only online migration uses are ignored.
 *
 * @param importOptions how to import, beyond the contract: see {@link org.redisbackup.task.ImportOptions}
 */
record CreateMigrationTaskRequest(
        @JsonProperty("task_name") String taskName,
        @JsonProperty("description") String description,
        @JsonProperty("migration_type") String migrationType,
        @JsonProperty("migration_method") String migrationMethod,
        @JsonProperty("network_type") String networkType,
        @JsonProperty("backup_files") BackupFiles backupFiles,
        @JsonProperty("target_instance") TargetInstance targetInstance,
        @JsonProperty("import_options") Map<String, Object> importOptions) {

    /** Where the backup lies. */
    record BackupFiles(
            @JsonProperty("file_source") String fileSource,
            @JsonProperty("bucket_name") String bucketName,
            @JsonProperty("files") List<File> files,
            @JsonProperty("backup_id") String backupId) {

        boolean isRecord() {
            return fileSource == null
                    ? backupId != null && files == null
                    : fileSource.equals(CreateRequestRules.RECORD);
        }
    }

    /** One file of the bucket. */
    record File(
            @JsonProperty("file_name") String fileName,
            @JsonProperty("size") String size,
            @JsonProperty("update_at") String updateAt) {}

    /** Where the keys go; the password is for this request alone. */
    record TargetInstance(
            @JsonProperty("id") String id,
            @JsonProperty("addrs") String addrs,
            @JsonProperty("ip") String ip,
            @JsonProperty("port") String port,
            @JsonProperty("password") String password) {

        /** {@code host:port}, or null when there is none. */
        String address() {
            if (addrs != null) {
                return addrs;
            }
            if (ip == null) {
                return null;
            }
            String host = ip.contains(":") ? "[" + ip + "]" : ip;
            return port == null ? host : host + ":" + port;
        }

        /** The field that {@link #address} is made of first. */
        String addressField() {
            return addrs != null ? "addrs" : "ip";
        }

        @Override
        public String toString() {
            return "TargetInstance[id=" + id + "]";
        }
    }
}
