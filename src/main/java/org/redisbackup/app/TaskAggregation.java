package org.redisbackup.app;

import java.time.Duration;
import org.apache.camel.component.redis.processor.aggregate.RedisAggregationRepository;
import org.redisbackup.redis.Secret;
import org.redisbackup.redis.Target;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.codec.SerializationCodec;
import org.redisson.config.Config;
import org.redisson.config.ConstantDelay;
import org.redisson.config.SingleServerConfig;

/** Keeps the file results of unfinished tasks in the state Redis. */
final class TaskAggregation implements AutoCloseable {
    private static final String MAP = "redisbackup:aggregation";
    private static final int CONNECTIONS = 4;

    private final RedissonClient redisson;
    private final RedisAggregationRepository repository = new RedisAggregationRepository();

    private TaskAggregation(RedissonClient redisson) {
        this.redisson = redisson;
        repository.setRedisson(redisson);
        repository.setMapName(MAP);
        // a task whose service died is failed as a whole, so there is nothing to recover
        repository.setUseRecovery(false);
    }

    static TaskAggregation open(Target state) {
        Config config = new Config();
        config.setCodec(new SerializationCodec());
        config.setThreads(2).setNettyThreads(2);
        SingleServerConfig server = config.useSingleServer()
                .setAddress((state.tls() ? "rediss://" : "redis://") + state.address())
                .setConnectionPoolSize(CONNECTIONS)
                .setConnectionMinimumIdleSize(1)
                .setSubscriptionConnectionPoolSize(2)
                .setSubscriptionConnectionMinimumIdleSize(1)
                // a round number lets its timer tick ten times a second; with the random one of its own up to a hundred
                // times
                .setRetryDelay(new ConstantDelay(Duration.ofSeconds(1)));
        if (state.password() != null) {
            server.setPassword(Secret.reveal(state.password()));
        }
        if (state.username() != null) {
            server.setUsername(state.username());
        }
        return new TaskAggregation(Redisson.create(config));
    }

    RedisAggregationRepository repository() {
        return repository;
    }

    @Override
    public void close() {
        redisson.shutdown();
    }
}
