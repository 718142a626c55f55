package org.redisbackup.api.auth;

import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tokens of the configuration. Kept are their digests: those have one length, and comparing them in constant time
 * tells nothing about how much of a token is right.
 */
public final class StaticTokens {
    private final List<Known> known;

    public StaticTokens(Map<String, Caller> callerOfToken) {
        known = callerOfToken.entrySet().stream()
                .map(token -> new Known(Digests.sha256(token.getKey()), token.getValue()))
                .toList();
    }

    Optional<Caller> caller(String token) {
        byte[] shown = Digests.sha256(token);
        return known.stream()
                .filter(candidate -> MessageDigest.isEqual(candidate.digest, shown))
                .map(candidate -> candidate.caller)
                .findFirst();
    }

    private static final class Known {
        private final byte[] digest;
        private final Caller caller;

        Known(byte[] digest, Caller caller) {
            this.digest = digest;
            this.caller = caller;
        }
    }
}
