package org.redisbackup.redis;

import java.util.Arrays;

/**
 * What a reply means for the import, told by how its line starts. An error concerns one key, or it means that the
 * target can't take any key now.
 */
enum ReplyKind {
    /** Anything but an error. */
    OK(Concern.NOTHING, "", null),
    BUSY_KEY(Concern.KEY, "BUSYKEY", null),
    WRONG_VERSION(Concern.KEY, "ERR DUMP payload version or checksum are wrong", null),
    BAD_DATA(Concern.KEY, "ERR Bad data format", null),
    OUT_OF_MEMORY(
            Concern.TARGET, "OOM", "is out of memory; free some, raise maxmemory or choose an eviction policy there"),
    READ_ONLY(Concern.TARGET, "READONLY", "is a read-only replica; name its primary instead"),
    NO_AUTHENTICATION(Concern.TARGET, "NOAUTH", "wants a password; give the right one"),
    NO_KEY_PERMISSION(Concern.KEY, "NOPERM No permissions to access a key", null),
    NO_PERMISSION(
            Concern.TARGET,
            "NOPERM",
            "does not permit what the import needs; let its user run RESTORE, SELECT, EXISTS and FUNCTION on every key"),
    LOADING(Concern.TARGET, "LOADING", "is still loading its own data; try again when it is done"),
    SNAPSHOT_FAILING(
            Concern.TARGET, "MISCONF", "refuses writes because it can't save its own snapshots; mend that first"),
    MOVED(Concern.TARGET, "MOVED", "belongs to a cluster, and clusters are not supported yet"),
    ASK(Concern.TARGET, "ASK", "belongs to a cluster, and clusters are not supported yet"),
    CLUSTER_DOWN(Concern.TARGET, "CLUSTERDOWN", "belongs to a cluster, and clusters are not supported yet"),
    NO_PRIMARY(Concern.TARGET, "MASTERDOWN", "is a replica without its primary; name the primary instead"),
    NO_REPLICAS(Concern.TARGET, "NOREPLICAS", "has fewer replicas than it demands for writes; bring them back"),
    BUSY_SCRIPT(Concern.TARGET, "BUSY ", "is busy with a script; try again when that has ended"),
    OTHER_ERROR(Concern.KEY, "", null);

    private enum Concern {
        NOTHING,
        KEY,
        TARGET
    }

    private static final ReplyKind[] ERRORS = Arrays.copyOfRange(values(), 1, values().length);

    private final Concern concern;
    private final String start;
    private final String advice;

    ReplyKind(Concern concern, String start, String advice) {
        this.concern = concern;
        this.start = start;
        this.advice = advice;
    }

    /** The kind of an error whose line, without the leading {@code -}, stands at {@code from} to {@code to}. */
    static ReplyKind ofError(byte[] line, int from, int to) {
        for (ReplyKind kind : ERRORS) {
            if (kind.starts(line, from, to)) {
                return kind;
            }
        }
        return OTHER_ERROR;
    }

    private boolean starts(byte[] line, int from, int to) {
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
        return concern == Concern.TARGET;
    }

    /** One sentence about a target that {@link #concernsTarget can't take keys}, with the server's own words. */
    String explain(Target target, String reply) {
        return target.address() + " " + advice + " (it answered: " + reply + ")";
    }
}
