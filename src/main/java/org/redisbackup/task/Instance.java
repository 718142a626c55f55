package org.redisbackup.task;

import org.redisbackup.redis.Target;

/**
 * A server that tasks may import into.
 *
 * @param id how requests name it
 * @param name for people
 * @param target address and credentials
 */
public record Instance(String id, String name, Target target) {}
