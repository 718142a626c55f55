package org.redisbackup.bench;

import redis.clients.jedis.Jedis;

/**
 * A target as an import meets it: without keys, and without the memory of keys that it held before. A server gives that
 * back in the background, for ten seconds, which would fall into the time of the next run.
 */
final class Emptied {
    private Emptied() {}

    static void of(Jedis target) {
        target.flushAll();
        target.memoryPurge();
    }
}
