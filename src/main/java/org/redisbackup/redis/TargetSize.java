package org.redisbackup.redis;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/** How many keys a target holds. */
public final class TargetSize {
    private TargetSize() {}

    /**
     * Whether no primary of the target holds a key, in any database.
     *
     * @param timeoutMillis for each connection, and for each answer
     * @throws DeliveryException with one sentence when one of them can't be asked
     */
    public static boolean isEmpty(Target target, int timeoutMillis) throws DeliveryException {
        for (Target primary : TargetServers.primaries(target, timeoutMillis)) {
            try (Jedis jedis = TargetClient.connect(primary, primary.addresses().get(0), timeoutMillis, true)) {
                if (!TargetClient.fields(jedis.info("keyspace")).isEmpty()) { // a line for each database with keys
                    return false;
                }
            } catch (JedisException | IllegalArgumentException e) {
                throw Handshake.failure(primary, timeoutMillis, e);
            }
        }
        return true;
    }
}
