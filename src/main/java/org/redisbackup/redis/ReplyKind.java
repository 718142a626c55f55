package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * What a reply means for the import, told by how its line starts. An error concerns one key, or it means that the
 * target can't take any key now.
 */
enum ReplyKind {
    /** Anything but an error. */
    OK(Concern.NOTHING, null),
    /** No error, but the null that {@code SET NX} answers when the key exists. */
    NULL(Concern.KEY, null),
    BUSY_KEY(Concern.KEY, null, "BUSYKEY"),
    WRONG_VERSION(Concern.KEY, null, "ERR DUMP payload version or checksum are wrong"),
    BAD_DATA(Concern.KEY, null, "ERR Bad data format"),
    OUT_OF_MEMORY(
            Concern.TARGET, "is out of memory; free some, raise maxmemory or choose an eviction policy there", "OOM"),
    READ_ONLY(Concern.PLACE, "is a read-only replica; name its primary instead", "READONLY"),
    NO_AUTHENTICATION(Concern.TARGET, "wants a password; give the right one", "NOAUTH"),
    /** Access control lists name the keys that a user may touch; the words changed with Redis 7.2. */
    NO_KEY_PERMISSION(
            Concern.KEY,
            null,
            "NOPERM No permissions to access a key",
            "NOPERM this user has no permissions to access one of the keys"),
    NO_PERMISSION(
            Concern.TARGET,
            "does not permit what the import needs; let its user run RESTORE, SELECT, EXISTS and FUNCTION",
            "NOPERM"),
    LOADING(Concern.PLACE, "is still loading its own data; try again when it is done", "LOADING"),
    SNAPSHOT_FAILING(
            Concern.TARGET, "refuses writes because it can't save its own snapshots; mend that first", "MISCONF"),
    /** Another node serves the slot of the key. */
    MOVED(Concern.PLACE, "is a node of a cluster; import with the mode cluster", "MOVED"),
    /** The key may be on another node, to which its slot is being moved. */
    ASK(Concern.PLACE, "is a node of a cluster; import with the mode cluster", "ASK"),
    CLUSTER_DOWN(Concern.PLACE, "says that its cluster is down; bring back what it lacks", "CLUSTERDOWN", "TRYAGAIN"),
    NO_PRIMARY(Concern.PLACE, "is a replica without its primary; name the primary instead", "MASTERDOWN"),
    NO_REPLICAS(Concern.TARGET, "has fewer replicas than it demands for writes; bring them back", "NOREPLICAS"),
    BUSY_SCRIPT(Concern.TARGET, "is busy with a script; try again when that has ended", "BUSY "),
    OTHER_ERROR(Concern.KEY, null, "");

    private enum Concern {
        NOTHING,
        KEY,
        TARGET,
        PLACE
    }

    private static final ReplyKind[] ERRORS =
            Arrays.stream(values()).filter(kind -> !kind.starts.isEmpty()).toArray(ReplyKind[]::new);

    private final Concern concern;
    private final String advice;

    @SuppressWarnings("ImmutableEnumChecker") // it is List.of
    private final List<String> starts;

    ReplyKind(Concern concern, String advice, String... starts) {
        this.concern = concern;
        this.advice = advice;
        this.starts = List.of(starts);
    }

    /** The kind of an error whose line, without the leading {@code -}, stands at {@code from} to {@code to}. */
    static ReplyKind ofError(byte[] line, int from, int to) {
        for (ReplyKind kind : ERRORS) {
            for (String start : kind.starts) {
                if (starts(line, from, to, start)) {
                    return kind;
                }
            }
        }
        return OTHER_ERROR;
    }

    private static boolean starts(byte[] line, int from, int to, String start) {
        if (to - from < start.length()) {
            return false;
        }
        for (int i = 0; i < start.length(); i++) {
            if (line[from + i] != start.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Whether no key can be delivered until somebody changes something. */
    boolean concernsTarget() {
        return concern == Concern.TARGET || concern == Concern.PLACE;
    }

    /** Whether another server of the target, or this one after a while, may well take the key. */
    boolean concernsPlace() {
        return concern == Concern.PLACE;
    }

    /** Whether the same server may well take the key after a while, without anybody doing anything. */
    boolean passes() {
        return switch (this) {
            case READ_ONLY, LOADING, CLUSTER_DOWN, NO_PRIMARY, BUSY_SCRIPT -> true;
            case OK,
                    NULL,
                    BUSY_KEY,
                    WRONG_VERSION,
                    BAD_DATA,
                    OUT_OF_MEMORY,
                    NO_AUTHENTICATION,
                    NO_KEY_PERMISSION,
                    NO_PERMISSION,
                    SNAPSHOT_FAILING,
                    MOVED,
                    ASK,
                    NO_REPLICAS,
                    OTHER_ERROR -> false;
        };
    }

    /** Whether the server that refused a request of Jedis may well take it after a while. */
    static boolean passes(JedisDataException refusal) {
        byte[] line = refusal.getMessage().getBytes(US_ASCII);
        return ofError(line, 0, line.length).passes();
    }

    /** One sentence about a target that {@link #concernsTarget can't take keys}, with the server's own words. */
    String explain(Target target, String reply) {
        return target.address() + " " + advice + " (it answered: " + reply + ")";
    }
}
