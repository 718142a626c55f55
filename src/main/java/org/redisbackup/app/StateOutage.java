package org.redisbackup.app;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;

/** What the log says while the state Redis is away: that it is, once, and that it answers again. For use by any thread. */
public final class StateOutage {
    private static final Logger LOG = LoggerFactory.getLogger("org.redisbackup.status");

    private boolean away;
    private long since;

    /** Something that is done again and again failed. */
    public synchronized void failed(Exception failure) {
        if (!(failure instanceof JedisException)) {
            LOG.warn("What is done again and again failed", failure);
        } else if (!away) {
            away = true;
            since = System.nanoTime();
            LOG.warn(
                    "The state Redis can't be reached ({}): imports go on for twelve seconds, then they wait, and new ones"
                            + " are refused",
                    failure.getMessage());
        }
    }

    /** It answered. */
    public synchronized void over() {
        if (away) {
            away = false;
            LOG.warn(
                    "The state Redis answers again, after {} s",
                    Duration.ofNanos(System.nanoTime() - since).toSeconds());
        }
    }
}
