package org.redisbackup.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Decides whether a request may go on, before its body or its other parameters are looked at. */
public final class AccessControl {
    private static final Pattern PROJECT_PATH = Pattern.compile("/v2/([^/]+)(/.*)?");
    private static final Pattern PROJECT_ID = Pattern.compile("[0-9a-z]{32}");

    private final List<KnownToken> known;
    private final boolean open;

    private AccessControl(List<KnownToken> known, boolean open) {
        this.known = known;
        this.open = open;
    }

    /** Only those who show one of these tokens. */
    public static AccessControl tokens(Map<String, Caller> callerOfToken) {
        return new AccessControl(
                callerOfToken.entrySet().stream()
                        .map(entry -> new KnownToken(digest(entry.getKey()), entry.getValue()))
                        .toList(),
                false);
    }

    /** Everybody; for servers that only this machine can reach. */
    public static AccessControl open() {
        return new AccessControl(List.of(), true);
    }

    /**
     * Checks token, project and role, in this order.
     *
     * @param method HTTP method
     * @param path without query
     * @param token of the header {@code X-Auth-Token}, or null
     * @param project of the header {@code X-Project-Id}, or null
     * @throws ApiException when the request may not go on
     */
    public void check(String method, String path, String token, String project) {
        Caller caller = authenticate(token);
        Matcher matcher = PROJECT_PATH.matcher(path);
        if (!matcher.matches()) {
            return;
        }
        String named = matcher.group(1);
        if (!PROJECT_ID.matcher(named).matches()) {
            throw new ApiException(ErrorCode.INVALID_PROJECT_ID);
        }
        if (!caller.mayUse(named) || (project != null && !project.equals(named))) {
            throw new ApiException(ErrorCode.WRONG_PROJECT);
        }
        if (caller.role() == Caller.Role.READER && !isRead(method)) {
            throw new ApiException(ErrorCode.READ_ONLY);
        }
    }

    private Caller authenticate(String token) {
        if (open) {
            return Caller.ANYBODY;
        }
        if (token == null || token.isEmpty()) {
            throw new ApiException(ErrorCode.NO_TOKEN);
        }
        byte[] shown = digest(token);
        return known.stream()
                .filter(candidate -> candidate.is(shown))
                .map(KnownToken::caller)
                .findFirst()
                .orElseThrow(() -> new ApiException(ErrorCode.INVALID_TOKEN));
    }

    private static boolean isRead(String method) {
        return List.of("GET", "HEAD", "OPTIONS").contains(method.toUpperCase(Locale.ROOT));
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * What is kept of a token: digests have one length, and comparing them in constant time tells nothing about how
     * much of a token is right.
     */
    private static final class KnownToken {
        private final byte[] digest;
        private final Caller caller;

        KnownToken(byte[] digest, Caller caller) {
            this.digest = digest;
            this.caller = caller;
        }

        boolean is(byte[] shown) {
            return MessageDigest.isEqual(digest, shown);
        }

        Caller caller() {
            return caller;
        }
    }
}
