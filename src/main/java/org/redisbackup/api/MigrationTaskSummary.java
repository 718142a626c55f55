package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** A task in the answer of ListMigrationTask. All fields are declared by the contract, also those that stay null. */
record MigrationTaskSummary(
        @JsonProperty("task_id") String taskId,
        @JsonProperty("task_name") String taskName,
        @JsonProperty("description") String description,
        @JsonProperty("status") String status,
        @JsonProperty("migration_type") String migrationType,
        @JsonProperty("migration_method") String migrationMethod,
        @JsonProperty("ecs_tenant_private_ip") String ecsTenantPrivateIp,
        @JsonProperty("data_source") String dataSource,
        @JsonProperty("source_instance_name") String sourceInstanceName,
        @JsonProperty("source_instance_id") String sourceInstanceId,
        @JsonProperty("source_instance_status") String sourceInstanceStatus,
        @JsonProperty("source_instance_subnet_id") String sourceInstanceSubnetId,
        @JsonProperty("source_instance_spec_code") String sourceInstanceSpecCode,
        @JsonProperty("target_instance_addrs") String targetInstanceAddrs,
        @JsonProperty("target_instance_name") String targetInstanceName,
        @JsonProperty("target_instance_id") String targetInstanceId,
        @JsonProperty("target_instance_status") String targetInstanceStatus,
        @JsonProperty("target_instance_subnet_id") String targetInstanceSubnetId,
        @JsonProperty("target_instance_spec_code") String targetInstanceSpecCode,
        @JsonProperty("created_at") String createdAt,
        @JsonProperty("released_at") String releasedAt,
        @JsonProperty("error_message") String errorMessage,
        @JsonProperty("version") String version,
        @JsonProperty("resume_mode") String resumeMode,
        @JsonProperty("supported_features") List<String> supportedFeatures) {}
