package org.redisbackup.api.auth;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.Set;

/**
 * What the identity service says of a token.
 *
 * @param user for logs
 * @param project id, or null when the token is for a domain, for the system, or for nothing
 * @param roles names
 * @param expiresAt when it ends
 */
record IdentityToken(String user, String project, Set<String> roles, Instant expiresAt) {
    IdentityToken {
        roles = Set.copyOf(roles);
    }

    /**
     * Reads the answer to {@code GET /v3/auth/tokens} (Identity API v3, "Validate and show information for token").
     *
     * @throws IllegalArgumentException when it is no such answer
     */
    static IdentityToken read(JsonNode answer) {
        JsonNode token = answer.path("token");
        Set<String> roles = new HashSet<>();
        token.path("roles").forEach(role -> roles.add(role.path("name").asText()));
        try {
            return new IdentityToken(
                    token.path("user").path("name").asText(),
                    token.path("project").path("id").textValue(),
                    roles,
                    Instant.parse(token.path("expires_at").asText()));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("it has no token.expires_at", e);
        }
    }
}
