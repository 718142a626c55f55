package org.redisbackup.api.auth;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The signatures {@code SDK-HMAC-SHA256} of requests, made with the access keys of the configuration. */
public final class Signatures {
    static final String DATE = "x-sdk-date";

    private static final Duration TOLERANCE = Duration.ofMinutes(15);
    private static final DateTimeFormatter DATE_FORM =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);

    private final Map<String, AccessKey> keys;
    private final InstantSource clock;

    /** @param keys each with an id of its own */
    public Signatures(Collection<AccessKey> keys, InstantSource clock) {
        this.keys = keys.stream().collect(Collectors.toMap(AccessKey::id, Function.identity()));
        this.clock = clock;
    }

    /**
     * Everything about a signature that can be said without the body.
     *
     * @throws AuthenticationException when it can't be right, whatever the body is
     */
    SignedRequest begin(RequestHead request) {
        SignatureHeader header = SignatureHeader.parse(request.header("authorization"));
        if (request.header("x-security-token") != null) {
            throw AuthenticationException.signature("temporary access keys (X-Security-Token) are not supported");
        }
        AccessKey key = keys.get(header.accessKey());
        if (key == null) {
            throw AuthenticationException.signature(SignedRequest.WRONG);
        }
        String date = request.header(DATE);
        requireRecent(date);
        if (!header.scope().isEmpty() && !date.startsWith(header.scope().get(0) + "T")) {
            throw AuthenticationException.signature("the credential is of another day than X-Sdk-Date");
        }
        return new SignedRequest(request, header, key, date, new CanonicalRequest(request, header.signedHeaders()));
    }

    private void requireRecent(String date) {
        if (date == null) {
            throw AuthenticationException.signature("the header X-Sdk-Date is missing");
        }
        Instant signed;
        try {
            signed = LocalDateTime.parse(date, DATE_FORM).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw AuthenticationException.signature("X-Sdk-Date is not of the form yyyyMMddTHHmmssZ");
        }
        if (Duration.between(signed, clock.instant()).abs().compareTo(TOLERANCE) > 0) {
            throw AuthenticationException.signature(
                    "signature expired: X-Sdk-Date is more than 15 minutes off this server's clock");
        }
    }
}
