package org.redisbackup.redis;

/** How backups reach the target. */
public enum DeliveryMethod {
    /**
     * Batches of keys or commands are sent; what the target holds besides stays. Values go by {@code RESTORE} or {@code
     * SET}, and those that the target does not restore, or only at once and for long, are rebuilt by commands.
     */
    RESTORE,
    /** As {@link #RESTORE}, but all values are rebuilt by commands, for targets that restore none. */
    COMMANDS,
    /**
     * A whole RDB file is handed over by replication, in place of everything that the target holds: see {@link
     * ReplicationTransfer}.
     */
    REPLICATION
}
