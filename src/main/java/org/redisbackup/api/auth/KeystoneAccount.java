package org.redisbackup.api.auth;

import java.util.List;
import java.util.Map;

/**
 * As whom this service asks the identity service about tokens.
 *
 * @param user its name
 * @param domain name of the domain that both the user and the project are in
 * @param password of the user
 * @param project name of the project in which the user has a role that may validate tokens
 */
public record KeystoneAccount(String user, String domain, String password, String project) {
    /** The body of {@code POST /v3/auth/tokens} (Identity API v3, "Password authentication with scoped authorization"). */
    Map<String, Object> login() {
        Map<String, Object> inDomain = Map.of("name", domain);
        Map<String, Object> who = Map.of("name", user, "domain", inDomain, "password", password);
        return Map.of(
                "auth",
                Map.of(
                        "identity", Map.of("methods", List.of("password"), "password", Map.of("user", who)),
                        "scope", Map.of("project", Map.of("name", project, "domain", inDomain))));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "user " + user + " of project " + project;
    }
}
