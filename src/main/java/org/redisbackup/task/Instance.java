package org.redisbackup.task;

import java.util.Set;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.TargetMode;

/**
 * A server that tasks may import into.
 *
 * @param id how requests name it; null when they named only its address
 * @param name for people
 * @param target address and credentials
 * @param projects ids of the projects that may see and use it, or {@code *} for all
 * @param backups where its own backups lie, or null when nobody said
 */
public record Instance(String id, String name, Target target, Set<String> projects, BackupLocation backups) {
    private static final String ALL = "*";

    public Instance {
        projects = Set.copyOf(projects);
    }

    /** A server that requests name by its address. */
    static Instance at(String id, String address, Target target) {
        return new Instance(id, address, target, Set.of(ALL), null);
    }

    boolean mayBeUsedBy(String project) {
        return projects.contains(ALL) || projects.contains(project);
    }

    public String host() {
        return target.host();
    }

    public int port() {
        return target.port();
    }

    /** Whether the service itself knows a password for it. */
    public boolean hasPassword() {
        return target.password() != null;
    }

    /** The ACL user, or null for the default user. */
    public String username() {
        return target.username();
    }

    public boolean isTls() {
        return target.tls();
    }

    /** Whether its keys are shared out among several primaries. */
    public boolean isCluster() {
        return target.mode() == TargetMode.CLUSTER;
    }

    /** {@code host:port}, several separated by commas. */
    public String address() {
        return target.address();
    }
}
