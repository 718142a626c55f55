package org.redisbackup.api.auth;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/** All tokens for the header {@code X-Auth-Token}: those of the configuration, and those of an identity service. */
public final class Tokens {
    static final int MAX_LENGTH = 16 * 1024;

    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

    private final StaticTokens configured;
    private final KeystoneTokens keystone;

    /**
     * @param configured may hold none
     * @param keystone or null
     */
    public Tokens(StaticTokens configured, KeystoneTokens keystone) {
        this.configured = configured;
        this.keystone = keystone;
    }

    /** Who the bearer is. Fails with an {@link org.redisbackup.api.ApiException}. */
    CompletableFuture<Caller> caller(String token) {
        if (token.length() > MAX_LENGTH) {
            return CompletableFuture.failedFuture(
                    AuthenticationException.token("a token has " + MAX_LENGTH + " characters at most"));
        }
        Optional<Caller> known = configured.caller(token);
        if (known.isPresent()) {
            return CompletableFuture.completedFuture(known.get());
        }
        if (keystone == null || !VISIBLE.matcher(token).matches()) {
            return CompletableFuture.failedFuture(AuthenticationException.token());
        }
        return keystone.caller(token);
    }
}
