package org.redisbackup.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.api.auth.Requests.OTHER_PROJECT;
import static org.redisbackup.api.auth.Requests.PATH;
import static org.redisbackup.api.auth.Requests.PROJECT;
import static org.redisbackup.api.auth.Requests.code;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisbackup.support.RequestSigner;
import org.redisbackup.support.SetClock;

class AccessControlTest {
    private static final String ADMITTED = "admitted";
    private static final String DATE = "20261124T120000Z";

    private final SetClock clock = new SetClock("2026-11-24T12:00:00Z");
    private final Tokens tokens = new Tokens(
            new StaticTokens(Map.of(
                    "admin", caller(PROJECT, Caller.Role.ADMIN),
                    "reader", caller(PROJECT, Caller.Role.READER),
                    "other", caller(OTHER_PROJECT, Caller.Role.ADMIN))),
            null);
    private final Signatures signatures = new Signatures(
            List.of(
                    new AccessKey("AK", "SK", caller("*", Caller.Role.ADMIN)),
                    new AccessKey("AKREAD", "SK", caller(PROJECT, Caller.Role.READER)),
                    new AccessKey("AKOTHER", "SK", caller(OTHER_PROJECT, Caller.Role.ADMIN))),
            clock);
    private final AccessControl both = AccessControl.of(tokens, signatures, new FailedAttempts(clock, 20));

    private static Caller caller(String project, Caller.Role role) {
        return new Caller("test", Set.of(project), role);
    }

    /** With "-" for none, and the secret of the key behind it. */
    @ParameterizedTest
    @CsvSource({
        "-, -, 401 DCS.1003",
        "-, admin, admitted",
        "-, wrong, 401 DCS.1001",
        "AK:SK, -, admitted",
        "AK:wrong, -, 401 APIGW.0301",
        "AK:wrong, admin, 401 APIGW.0301",
        "AK:SK, admin, admitted",
        "AK:SK, wrong, 401 DCS.1001",
        "AK:SK, other, 401 DCS.1004",
        "AKOTHER:SK, -, 401 DCS.1004",
        "AKOTHER:SK, admin, 401 DCS.1004",
        "AKOTHER:wrong, -, 401 APIGW.0301",
        "Bearer x, -, 401 DCS.1003",
        "Bearer x, admin, admitted"
    })
    void signaturesAndTokens(String authorization, String token, String expected) {
        assertThat(code(both, request("GET", authorization, token))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "AKREAD:SK, -, 403 DCS.3002",
        "AKREAD:SK, admin, 403 DCS.3002",
        "AK:SK, reader, 403 DCS.3002",
        "-, reader, 403 DCS.3002",
        "AK:SK, admin, admitted"
    })
    void theLowerRoleCounts(String authorization, String token, String expected) {
        assertThat(code(both, request("POST", authorization, token))).isEqualTo(expected);
    }

    @Test
    void whatIsNotConfiguredIsNotLookedAt() {
        AccessControl tokensAlone = AccessControl.of(tokens, null, new FailedAttempts(clock, 20));
        assertThat(code(tokensAlone, request("GET", "AK:wrong", "admin"))).isEqualTo(ADMITTED);
        assertThat(code(tokensAlone, request("GET", "AK:SK", "-"))).isEqualTo("401 DCS.1003");
        AccessControl signaturesAlone = AccessControl.of(null, signatures, new FailedAttempts(clock, 20));
        assertThat(code(signaturesAlone, request("GET", "AK:SK", "wrong"))).isEqualTo(ADMITTED);
        assertThat(code(signaturesAlone, request("GET", "-", "admin"))).isEqualTo("401 DCS.1003");
    }

    @Test
    void theBodyIsNeededForASignatureAlone() {
        assertThat(both.examine(request("GET", "AK:SK", "admin")).needsBody()).isTrue();
        assertThat(both.examine(request("GET", "-", "admin")).needsBody()).isFalse();
    }

    @Test
    void theProjectOfTheHeaderIsThatOfThePath() {
        assertThat(code(both, Requests.get(Map.of("X-Auth-Token", "admin", "X-Project-Id", PROJECT))))
                .isEqualTo(ADMITTED);
        assertThat(code(both, Requests.get(Map.of("X-Auth-Token", "admin", "X-Project-Id", OTHER_PROJECT))))
                .isEqualTo("401 DCS.1004");
    }

    @Test
    void theLongestToken() {
        String token = "x".repeat(Tokens.MAX_LENGTH);
        AccessControl access = AccessControl.of(
                new Tokens(new StaticTokens(Map.of(token, caller("*", Caller.Role.ADMIN))), null),
                null,
                new FailedAttempts(clock, 20));
        assertThat(code(access, request("GET", "-", token))).isEqualTo(ADMITTED);
        assertThat(code(access, request("GET", "-", token + "x"))).isEqualTo("401 DCS.1001");
    }

    @Test
    void aKeyWithFiveWrongSignaturesHasToWait() {
        for (int i = 0; i < 5; i++) {
            assertThat(code(both, request("GET", "AK:wrong", "-"))).isEqualTo("401 APIGW.0301");
        }
        assertThat(code(both, request("GET", "AK:SK", "-"))).isEqualTo("429 APIGW.0308");
        assertThat(code(both, request("GET", "AKREAD:SK", "-"))).isEqualTo(ADMITTED);
        assertThat(code(both, request("GET", "-", "admin"))).isEqualTo(ADMITTED);
        clock.advance(Duration.ofMinutes(1));
        assertThat(code(both, request("GET", "AK:SK", "-"))).isEqualTo(ADMITTED);
    }

    /** What is under way when the limit is reached is not decided any more. */
    @Test
    void attemptsSideBySideAreCountedToo() {
        Admission admission = both.examine(request("GET", "AK:SK", "-"));
        for (int i = 0; i < 5; i++) {
            code(both, request("GET", "AK:wrong", "-"));
        }
        assertThat(both.decide(admission, Requests.NO_BODY)).isCompletedExceptionally();
    }

    @Test
    void aRightSignatureStartsTheCountAnew() {
        for (int i = 0; i < 50; i++) {
            assertThat(code(both, request("GET", "AK:wrong", "-"))).isEqualTo("401 APIGW.0301");
            if (i % 4 == 3) {
                assertThat(code(both, request("GET", "AK:SK", "-"))).isEqualTo(ADMITTED);
            }
        }
    }

    @Test
    void aWrongTokenIsNotTheFailureOfTheKey() {
        for (int i = 0; i < 5; i++) {
            assertThat(code(both, request("GET", "AK:SK", "wrong"))).isEqualTo("401 DCS.1001");
        }
        assertThat(code(both, request("GET", "AK:SK", "-"))).isEqualTo(ADMITTED);
    }

    @ParameterizedTest
    @CsvSource({"192.0.2.7, 192.0.2.7, 192.0.2.8", "2001:db8:0:1::1, 2001:db8:0:1:ffff::2, 2001:db8:0:2::1"})
    void anAddressWithTwentyFailuresHasToWait(String address, String same, String other) {
        for (int i = 0; i < 20; i++) {
            assertThat(code(both, from(address, "wrong " + i))).isEqualTo("401 DCS.1001");
        }
        assertThat(code(both, from(same, "admin"))).isEqualTo("429 APIGW.0308");
        assertThat(code(both, from(other, "admin"))).isEqualTo(ADMITTED);
        clock.advance(Duration.ofMinutes(1));
        assertThat(code(both, from(same, "admin"))).isEqualTo(ADMITTED);
    }

    @Test
    void theLimitOfAddressesCanBeOff() {
        AccessControl access = AccessControl.of(tokens, signatures, new FailedAttempts(clock, 0));
        for (int i = 0; i < 100; i++) {
            assertThat(code(access, from("192.0.2.7", "wrong"))).isEqualTo("401 DCS.1001");
        }
        assertThat(code(access, from("192.0.2.7", "admin"))).isEqualTo(ADMITTED);
    }

    @Test
    void whoShowsNothingOrMayNotIsNoGuesser() {
        for (int i = 0; i < 100; i++) {
            assertThat(code(both, request("GET", "-", "-"))).isEqualTo("401 DCS.1003");
            assertThat(code(both, request("GET", "-", "other"))).isEqualTo("401 DCS.1004");
        }
    }

    private static RequestHead from(String address, String token) {
        return Requests.of("GET", PATH, null, address, Map.of("x-auth-token", token));
    }

    private static RequestHead request(String method, String authorization, String token) {
        SortedMap<String, String> signed = RequestSigner.headers("host", "localhost", "x-sdk-date", DATE);
        Map<String, String> headers = new HashMap<>(signed);
        if (authorization.contains(":")) {
            String[] key = authorization.split(":");
            headers.put(
                    "authorization",
                    new RequestSigner(key[0], key[1]).sign(method, PATH + "/", "", signed, Requests.NO_BODY));
        } else if (!authorization.equals("-")) {
            headers.put("authorization", authorization);
        }
        if (!token.equals("-")) {
            headers.put("x-auth-token", token);
        }
        return Requests.of(method, PATH, null, Requests.ADDRESS, headers);
    }
}
