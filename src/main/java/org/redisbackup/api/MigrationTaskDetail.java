package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Answer of ShowMigrationTask. All fields are declared by the contract, also those that stay null. */
record MigrationTaskDetail(
        @JsonProperty("task_id") String taskId,
        @JsonProperty("task_name") String taskName,
        @JsonProperty("description") String description,
        @JsonProperty("status") String status,
        @JsonProperty("migration_type") String migrationType,
        @JsonProperty("migration_method") String migrationMethod,
        @JsonProperty("ecs_tenant_private_ip") String ecsTenantPrivateIp,
        @JsonProperty("backup_files") BackupFiles backupFiles,
        @JsonProperty("network_type") String networkType,
        @JsonProperty("source_instance") InstanceView sourceInstance,
        @JsonProperty("target_instance") InstanceView targetInstance,
        @JsonProperty("created_at") String createdAt,
        @JsonProperty("updated_at") String updatedAt,
        @JsonProperty("released_at") String releasedAt,
        @JsonProperty("version") String version,
        @JsonProperty("resume_mode") String resumeMode,
        @JsonProperty("supported_features") List<String> supportedFeatures,
        @JsonProperty("tenant_vpc_id") String tenantVpcId,
        @JsonProperty("tenant_subnet_id") String tenantSubnetId,
        @JsonProperty("tenant_security_group_id") String tenantSecurityGroupId,
        @JsonProperty("bandwidth_limit_mb") String bandwidthLimitMb,
        @JsonProperty("task_status") String taskStatus,
        @JsonProperty("error_message") String errorMessage) {

    /** The files as the request named them. */
    record BackupFiles(
            @JsonProperty("file_source") String fileSource,
            @JsonProperty("bucket_name") String bucketName,
            @JsonProperty("files") List<File> files,
            @JsonProperty("backup_id") String backupId,
            @JsonProperty("backup_record") BackupRecord backupRecord) {}

    /** The backup record as the Terraform provider looks for it. */
    record BackupRecord(@JsonProperty("backup_id") String backupId) {}

    /** One file, as the request named it. */
    record File(
            @JsonProperty("file_name") String fileName,
            @JsonProperty("size") String size,
            @JsonProperty("update_at") String updateAt) {}

    /** Source or target, from its registration; never with a password. */
    record InstanceView(
            @JsonProperty("id") String id,
            @JsonProperty("name") String name,
            @JsonProperty("ip") String ip,
            @JsonProperty("port") String port,
            @JsonProperty("addrs") String addrs,
            @JsonProperty("proxy_multi_db") Boolean proxyMultiDb,
            @JsonProperty("db") String db,
            @JsonProperty("task_status") String taskStatus) {}
}
