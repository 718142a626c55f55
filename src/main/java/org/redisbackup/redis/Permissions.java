package org.redisbackup.redis;

import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** What the user of a connection may do, where the server tells ({@code ACL DRYRUN}, Redis 7.0). */
final class Permissions {
    private static final String NOT_THE_COMMAND = "to run the";

    private Permissions() {}

    /**
     * Asks whether keys can be restored at all. Most users may not ask: then the first key shows it.
     *
     * @throws IllegalArgumentException with a sentence when they can't
     */
    static void check(Jedis jedis) {
        String user;
        String answer;
        try {
            user = jedis.aclWhoAmI();
            answer = jedis.aclDryRun(user, "RESTORE", "key", "0", "payload");
        } catch (JedisDataException e) {
            return;
        }
        if (answer.contains(NOT_THE_COMMAND)) { // else the answer is about the key, and other keys may be allowed
            throw new IllegalArgumentException("does not permit what the import needs: its user " + user
                    + " may not run RESTORE; permit RESTORE, SELECT, EXISTS and FUNCTION");
        }
    }
}
