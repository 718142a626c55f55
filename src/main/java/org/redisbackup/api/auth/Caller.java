package org.redisbackup.api.auth;

import java.util.Set;

/**
 * Who sent a request.
 *
 * @param name from the configuration or the identity service, for logs
 * @param projects ids of the projects that may be used, or {@code *} for all
 * @param role what may be done there
 */
public record Caller(String name, Set<String> projects, Role role) {
    private static final String ALL = "*";

    /** What a caller may do. */
    public enum Role {
        ADMIN,
        /** May look, but not create or change. */
        READER
    }

    /** Whoever asks when {@code redisbackup.auth=none}. */
    static final Caller ANYBODY = new Caller("anybody", Set.of(ALL), Role.ADMIN);

    public Caller {
        projects = Set.copyOf(projects);
    }

    boolean mayUse(String project) {
        return projects.contains(ALL) || projects.contains(project);
    }
}
