package org.redisbackup.api.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.redisbackup.api.ApiException;
import org.redisbackup.api.ErrorCode;

/**
 * Decides whether a request may go on, before anything else of it is looked at: first {@link #examine} with its head,
 * then {@link #decide} with its body, which only a signature needs.
 */
public final class AccessControl {
    private static final Pattern PROJECT_PATH = Pattern.compile("/v2/([^/]+)(/.*)?");
    private static final Pattern PROJECT_ID = Pattern.compile("[0-9a-z]{32}");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final Tokens tokens;
    private final Signatures signatures;
    private final FailedAttempts failures;

    private AccessControl(Tokens tokens, Signatures signatures, FailedAttempts failures) {
        this.tokens = tokens;
        this.signatures = signatures;
        this.failures = failures;
    }

    /**
     * Only those who prove who they are.
     *
     * @param tokens or null, when none are accepted
     * @param signatures or null, when none are accepted
     */
    public static AccessControl of(Tokens tokens, Signatures signatures, FailedAttempts failures) {
        return new AccessControl(tokens, signatures, failures);
    }

    /** Everybody; for servers that only this machine can reach. */
    public static AccessControl open() {
        return new AccessControl(null, null, null);
    }

    private boolean isOpen() {
        return tokens == null && signatures == null;
    }

    /**
     * Checks all that a head tells by itself.
     *
     * @throws ApiException when the request may not go on
     */
    public Admission examine(RequestHead request) {
        if (isOpen()) {
            return new Admission(request, null, null);
        }
        failures.requireAddress(request);
        try {
            SignedRequest signed = signed(request);
            String token = token(request);
            if (signed == null && token == null) {
                throw new ApiException(ErrorCode.NO_TOKEN);
            }
            return new Admission(request, signed, token);
        } catch (AuthenticationException e) {
            failures.failed(request, null);
            throw e;
        }
    }

    private String token(RequestHead request) {
        String token = tokens == null ? null : request.header("x-auth-token");
        return token == null || token.isEmpty() ? null : token;
    }

    private SignedRequest signed(RequestHead request) {
        if (signatures == null || !SignatureHeader.isMeant(request.header("authorization"))) {
            return null;
        }
        SignedRequest signed = signatures.begin(request);
        failures.requireKey(signed.key());
        return signed;
    }

    /**
     * Checks signature, token, project and role, in this order. The answer completes when the request may go on, at once
     * unless an identity service has to be asked; it fails with an {@link ApiException} when the request may not.
     *
     * @param body as received; whatever it is, when the admission does not {@link Admission#needsBody need} it
     */
    public CompletableFuture<Void> decide(Admission admission, byte[] body) {
        RequestHead request = admission.request();
        if (isOpen()) {
            return authorize(request, List.of(Caller.ANYBODY));
        }
        List<Caller> callers = new ArrayList<>();
        SignedRequest signed = admission.signed();
        try {
            if (signed != null) {
                failures.requireKey(signed.key());
                callers.add(signed.verify(body));
            }
        } catch (ApiException e) {
            count(request, signed.key(), e);
            return CompletableFuture.failedFuture(e);
        }
        AccessKey proven = signed == null ? null : signed.key();
        if (admission.token() == null) {
            count(request, proven, null);
            return authorize(request, callers);
        }
        return tokens.caller(admission.token())
                .whenComplete((bearer, failure) -> count(request, failure == null ? proven : null, failure))
                .thenCompose(bearer -> {
                    callers.add(bearer);
                    return authorize(request, callers);
                });
    }

    private void count(RequestHead request, AccessKey key, Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause == null) {
            failures.succeeded(request, key);
        } else if (cause instanceof AuthenticationException) {
            failures.failed(request, key);
        }
    }

    private static CompletableFuture<Void> authorize(RequestHead request, List<Caller> callers) {
        try {
            callers.forEach(caller -> authorize(caller, request));
            return CompletableFuture.completedFuture(null);
        } catch (ApiException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What may be done is said to those alone who have proven who they are. */
    private static void authorize(Caller caller, RequestHead request) {
        Matcher matcher = PROJECT_PATH.matcher(request.route());
        if (!matcher.matches()) {
            return;
        }
        String named = matcher.group(1);
        if (!PROJECT_ID.matcher(named).matches()) {
            throw new ApiException(ErrorCode.INVALID_PROJECT_ID);
        }
        String project = request.header("x-project-id");
        if (!caller.mayUse(named) || (project != null && !project.equals(named))) {
            throw new ApiException(ErrorCode.WRONG_PROJECT);
        }
        if (caller.role() == Caller.Role.READER
                && !READS.contains(request.method().toUpperCase(Locale.ROOT))) {
            throw new ApiException(ErrorCode.READ_ONLY);
        }
    }
}
