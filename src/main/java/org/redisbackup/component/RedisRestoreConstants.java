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

    private RedisRestoreConstants() {}
}
