package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.redisbackup.task.Instance;
import org.redisbackup.task.TargetHealth;

/**
 * An instance in the answers of ListInstances and ShowInstance. All fields are declared by the contract, also those that
 * stay null; memory is in MB.
 */
record InstanceView(
        @JsonProperty("instance_id") String instanceId,
        @JsonProperty("name") String name,
        @JsonProperty("status") String status,
        @JsonProperty("engine") String engine,
        @JsonProperty("engine_version") String engineVersion,
        @JsonProperty("cache_mode") String cacheMode,
        @JsonProperty("ip") String ip,
        @JsonProperty("port") Integer port,
        @JsonProperty("domain_name") String domainName,
        @JsonProperty("backend_addrs") String backendAddrs,
        @JsonProperty("no_password_access") String noPasswordAccess,
        @JsonProperty("access_user") String accessUser,
        @JsonProperty("enable_ssl") Boolean enableSsl,
        @JsonProperty("enable_publicip") Boolean enablePublicip,
        @JsonProperty("service_upgrade") Boolean serviceUpgrade,
        @JsonProperty("capacity") Integer capacity,
        @JsonProperty("capacity_minor") String capacityMinor,
        @JsonProperty("max_memory") Integer maxMemory,
        @JsonProperty("used_memory") Integer usedMemory,
        @JsonProperty("sharding_count") Integer shardingCount,
        @JsonProperty("replica_count") Integer replicaCount,
        @JsonProperty("spec_code") String specCode,
        @JsonProperty("subnet_id") String subnetId,
        @JsonProperty("vpc_id") String vpcId,
        @JsonProperty("security_group_id") String securityGroupId,
        @JsonProperty("created_at") String createdAt,
        @JsonProperty("enterprise_project_id") String enterpriseProjectId,
        @JsonProperty("az_codes") List<String> azCodes,
        @JsonProperty("tags") List<String> tags) {
    private static final int MB = 20; // as a power of two
    private static final int GB = 30;

    static InstanceView of(Instance instance, TargetHealth health) {
        int replicas = (int) health.number("connected_slaves");
        long maxMemory = health.number("maxmemory");
        return new InstanceView(
                instance.id(),
                instance.name(),
                status(health),
                health.engine(),
                health.version(),
                cacheMode(instance, replicas),
                instance.host(),
                instance.port(),
                null,
                instance.address(),
                Boolean.toString(!instance.hasPassword()),
                instance.username(),
                instance.isTls(),
                false,
                false,
                (int) (maxMemory >> GB),
                null,
                (int) (maxMemory >> MB),
                (int) (health.number("used_memory") >> MB),
                health.primaries(),
                replicas / health.primaries() + 1,
                null,
                null,
                null,
                null,
                null,
                null,
                List.of(),
                List.of());
    }

    private static String cacheMode(Instance instance, int replicas) {
        if (instance.isCluster()) {
            return "cluster";
        }
        return replicas > 0 ? "ha" : "single";
    }

    /** RUNNING when it takes commands, with whatever password: whether there is one is known when a task is created. */
    static String status(TargetHealth health) {
        return switch (health.state()) {
            case RUNNING, PASSWORD_MISSING, PASSWORD_WRONG -> "RUNNING";
            case NOT_READY -> "RESTARTING";
            case UNREACHABLE -> "ERROR";
        };
    }
}
