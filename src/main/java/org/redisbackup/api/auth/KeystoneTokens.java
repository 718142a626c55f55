package org.redisbackup.api.auth;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.redisbackup.api.ApiError;
import org.redisbackup.api.ApiException;
import org.redisbackup.api.ErrorCode;

/**
 * The tokens that an identity service vouches for. What it said is believed for five minutes, so that a token that is
 * revoked opens doors for that long at most; that a token is wrong is asked each time. Tokens are kept as digests, at
 * most a thousand, and about as many as 64 at once the identity service is asked.
 */
public final class KeystoneTokens {
    static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int MOST = 1000;
    private static final int MOST_ASKED = 64;
    private static final float LOAD = 0.75f;

    private final KeystoneClient keystone;
    private final Set<String> adminRoles;
    private final Set<String> readerRoles;
    private final InstantSource clock;

    private final Map<String, Believed> believed = new LinkedHashMap<>(MOST, LOAD, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Believed> eldest) {
            return size() > MOST;
        }
    };
    private final Map<String, CompletableFuture<IdentityToken>> asked = new HashMap<>();

    /**
     * @param adminRoles names of roles that may do everything in their project
     * @param readerRoles names of roles that may look
     */
    public KeystoneTokens(
            KeystoneClient keystone, Set<String> adminRoles, Set<String> readerRoles, InstantSource clock) {
        this.keystone = keystone;
        this.adminRoles = Set.copyOf(adminRoles);
        this.readerRoles = Set.copyOf(readerRoles);
        this.clock = clock;
    }

    /**
     * Who the bearer is. Fails with an {@link ApiException}.
     *
     * @param token visible ASCII
     */
    CompletableFuture<Caller> caller(String token) {
        return identity(token).thenApply(this::caller);
    }

    private CompletableFuture<IdentityToken> identity(String token) {
        String digest = Digests.sha256Hex(token);
        CompletableFuture<IdentityToken> answer;
        synchronized (this) {
            Instant now = clock.instant();
            Believed before = believed.get(digest);
            if (before != null && !now.isBefore(before.token.expiresAt())) {
                return CompletableFuture.failedFuture(new ApiException(ErrorCode.TOKEN_EXPIRED));
            }
            if (before != null && now.isBefore(before.until)) {
                return CompletableFuture.completedFuture(before.token);
            }
            answer = asked.get(digest);
            if (answer != null) {
                return answer;
            }
            if (asked.size() >= MOST_ASKED) {
                return CompletableFuture.failedFuture(new ApiException(
                        ApiError.of(ErrorCode.TOO_MANY_REQUESTS, "too many tokens are being validated")));
            }
            answer = keystone.validate(token);
            asked.put(digest, answer);
        }
        return answer.whenComplete((valid, failure) -> settle(digest, valid));
    }

    private synchronized void settle(String digest, IdentityToken valid) {
        asked.remove(digest);
        if (valid == null) {
            believed.remove(digest);
        } else {
            believed.put(digest, new Believed(valid, clock.instant().plus(LONGEST)));
        }
    }

    private Caller caller(IdentityToken token) {
        if (!clock.instant().isBefore(token.expiresAt())) {
            throw new ApiException(ErrorCode.TOKEN_EXPIRED);
        }
        if (token.project() == null) {
            throw new ApiException(ApiError.of(
                    ErrorCode.WRONG_PROJECT, "the token is for no project; issue one that is scoped to it"));
        }
        return new Caller(token.user(), Set.of(token.project()), role(token));
    }

    private Caller.Role role(IdentityToken token) {
        if (!Collections.disjoint(token.roles(), adminRoles)) {
            return Caller.Role.ADMIN;
        }
        if (!Collections.disjoint(token.roles(), readerRoles)) {
            return Caller.Role.READER;
        }
        throw new ApiException(ApiError.of(
                ErrorCode.NO_PERMISSION,
                "expected one of the roles " + sorted(adminRoles) + " or, for reading, " + sorted(readerRoles)));
    }

    private static String sorted(Set<String> roles) {
        return String.join(", ", new TreeSet<>(roles));
    }

    private static final class Believed {
        private final IdentityToken token;
        private final Instant until;

        Believed(IdentityToken token, Instant until) {
            this.token = token;
            this.until = until;
        }
    }
}
