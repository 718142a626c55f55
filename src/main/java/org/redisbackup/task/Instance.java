package org.redisbackup.task;

import org.redisbackup.redis.Target;

/**
 * A server that tasks may import into.
 *
 * @param id how requests name it
 * @param name for people
 * @param target address and credentials
 */
public record Instance(String id, String name, Target target) {
    public String host() {
        return target.host();
    }

    public int port() {
        return target.port();
    }

    /** {@code host:port}. */
    public String address() {
        return target.address();
    }
}
