package org.redisbackup.component;

import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.redisbackup.redis.Secret;
import org.redisbackup.redis.Target;

/** Put the keys and commands of Redis and Valkey backups into a running server. */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "redis-restore",
        title = "Redis Restore",
        syntax = "redis-restore:address",
        category = {Category.DATABASE},
        producerOnly = true,
        headersClass = RedisRestoreConstants.class)
public class RedisRestoreEndpoint extends DefaultEndpoint {
    @UriPath(
            description =
                    "The target as host or host:port, 6379 if there is no port; of a cluster some nodes, separated by"
                            + " commas; Sentinels (26379) as host:port,host:port/name. Any name where each exchange brings"
                            + " the header CamelRedisRestoreTarget.")
    @Metadata(required = true)
    private final String address;

    @UriParam
    private RedisRestoreConfiguration configuration;

    RedisRestoreEndpoint(
            String uri, RedisRestoreComponent component, String address, RedisRestoreConfiguration configuration) {
        super(uri, component);
        this.address = address;
        this.configuration = configuration;
    }

    @Override
    public Producer createProducer() {
        return new RedisRestoreProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("redis-restore: can't be consumed from; send batches to it");
    }

    /**
     * What the URI names.
     *
     * @throws IllegalArgumentException when the URI's path is no address
     */
    Target target() {
        Target address = Target.parse("redis://" + this.address, configuration.getMode(), null);
        return new Target(
                address.mode(),
                address.addresses(),
                address.primaryName(),
                configuration.getUsername(),
                Secret.of(configuration.getPassword()),
                configuration.encryption());
    }

    @Override
    public RedisRestoreComponent getComponent() {
        return (RedisRestoreComponent) super.getComponent();
    }

    public String getAddress() {
        return address;
    }

    public RedisRestoreConfiguration getConfiguration() {
        return configuration;
    }

    public void setConfiguration(RedisRestoreConfiguration configuration) {
        this.configuration = configuration;
    }
}
