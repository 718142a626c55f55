package org.redisbackup.redis;

/** How the servers of a target belong together. */
public enum TargetMode {
    /** One server. */
    STANDALONE,
    /** Primaries that share the hash slots; the addresses are those of any nodes. */
    CLUSTER,
    /** One primary that Sentinels watch; the addresses are those of Sentinels. */
    SENTINEL
}
