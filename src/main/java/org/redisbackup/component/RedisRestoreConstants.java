package org.redisbackup.component;

import org.apache.camel.spi.Metadata;

/** Headers that the producer reads. */
public final class RedisRestoreConstants {
    @Metadata(
            label = "producer",
            javaType = "org.redisbackup.redis.Target",
            description = "The server to deliver to, in place of the one that the endpoint names.")
    public static final String TARGET = "CamelRedisRestoreTarget";

    @Metadata(
            label = "producer",
            javaType = "org.redisbackup.redis.ConflictPolicy",
            description = "What happens to keys that the target already holds, in place of the endpoint's option.")
    public static final String CONFLICT_POLICY = "CamelRedisRestoreConflictPolicy";

    @Metadata(
            label = "producer",
            javaType = "org.redisbackup.redis.DeliveryMethod",
            description = "How backups reach the target, in place of the endpoint's option.")
    public static final String METHOD = "CamelRedisRestoreMethod";

    @Metadata(
            label = "producer",
            javaType = "org.redisbackup.redis.LossPolicy",
            description =
                    "What happens to a key of which the target can't be given something, in place of the endpoint's"
                            + " option.")
    public static final String LOSS_POLICY = "CamelRedisRestoreLossPolicy";

    @Metadata(
            label = "producer",
            javaType = "String",
            description = "Exchanges with the same session share a connection, apart from those of all others, so that"
                    + " RedisRestoreComponent.breakOff can end it alone. Without a session, all exchanges with one target"
                    + " share a connection.")
    public static final String SESSION = "CamelRedisRestoreSession";

    @Metadata(
            label = "producer",
            javaType = "org.redisbackup.redis.rules.KeyRules",
            description =
                    "Which keys are imported, and what they are on the target, in place of the endpoint's options.")
    public static final String RULES = "CamelRedisRestoreRules";

    @Metadata(
            label = "producer",
            javaType = "Boolean",
            description = "Whether a target that holds keys may lose them to the method REPLICATION, in place of the"
                    + " endpoint's option.")
    public static final String REPLACE_ALL = "CamelRedisRestoreReplaceAll";

    @Metadata(
            label = "producer",
            javaType = "org.redisbackup.redis.Pace",
            description = "How gently the target is treated, in place of the endpoint's options: its limits may change"
                    + " while batches wait.")
    public static final String PACE = "CamelRedisRestorePace";

    private RedisRestoreConstants() {}
}
