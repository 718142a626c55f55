package org.redisbackup.task;

import org.redisbackup.redis.Target;
import org.redisbackup.redis.TargetClient;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPooled;

/** Opens connection pools to the Redis that keeps the control state. */
public final class StateConnection {
    private static final int TIMEOUT_MILLIS = 5000;

    private StateConnection() {}

    /**
     * A pool that connects when it is first used; the caller closes it. A connection is asked whether it lives before each
     * use, which costs some 50 us: one that broke at rest must not fail a request while the server is there.
     */
    public static JedisPooled open(Target state) {
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setTestOnBorrow(true);
        return new JedisPooled(
                pool, new HostAndPort(state.host(), state.port()), TargetClient.config(state, TIMEOUT_MILLIS));
    }
}
