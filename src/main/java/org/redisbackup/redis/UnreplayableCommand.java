package org.redisbackup.redis;

import java.util.Set;

/**
 * Commands that no server writes into an append-only file. In a file that somebody made up they would take over the
 * target, or change what its replies mean, so they are not sent.
 */
final class UnreplayableCommand {
    private static final Set<String> NAMES = Set.of(
            "ACL",
            "ASKING",
            "AUTH",
            "BGREWRITEAOF",
            "BGSAVE",
            "CLIENT",
            "CLUSTER",
            "CONFIG",
            "DEBUG",
            "DISCARD",
            "FAILOVER",
            "HELLO",
            "MIGRATE",
            "MODULE",
            "MONITOR",
            "PSUBSCRIBE",
            "PSYNC",
            "QUIT",
            "READONLY",
            "READWRITE",
            "REPLCONF",
            "REPLICAOF",
            "RESET",
            "SAVE",
            "SHUTDOWN",
            "SLAVEOF",
            "SSUBSCRIBE",
            "SUBSCRIBE",
            "SYNC",
            "WAIT",
            "WAITAOF",
            "WATCH");

    private UnreplayableCommand() {}

    /** @param name in upper case */
    static boolean is(String name) {
        return NAMES.contains(name);
    }
}
