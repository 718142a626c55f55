package org.redisbackup.component;

/** How backups reach the target. */
public enum DeliveryMethod {
    /** Batches of keys or commands are sent as commands; what the target holds besides stays. */
    RESTORE,
    /**
     * A whole RDB file is handed over by replication, in place of everything that the target holds: see {@link
     * org.redisbackup.redis.ReplicationTransfer}.
     */
    REPLICATION
}
