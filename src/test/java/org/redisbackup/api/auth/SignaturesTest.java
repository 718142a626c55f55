package org.redisbackup.api.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.redisbackup.api.auth.Requests.NO_BODY;
import static org.redisbackup.api.auth.Requests.PROJECT;
import static org.redisbackup.support.RequestSigner.headers;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.RequestSigner;
import org.redisbackup.support.SetClock;

class SignaturesTest {
    private static final String ID = "AKTESTAKTESTAKTEST01";
    private static final String SECRET = "SKTESTSKTESTSKTESTSKTESTSKTESTSKTESTSKTE";
    private static final String HOST = "127.0.0.1:18981";
    private static final String DATE = "20261123T142000Z";
    private static final String PATH = "/v2/" + PROJECT + "/migration-tasks";
    private static final String QUERY = "limit=10&name=a%20b%2Bc&offset=0";
    private static final byte[] BODY = "{\"task_name\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    private static final Caller OWNER = new Caller("ci", Set.of(PROJECT), Caller.Role.ADMIN);

    private final Signatures signatures = new Signatures(
            List.of(
                    new AccessKey(ID, SECRET, OWNER),
                    new AccessKey("AKOTHER", "another secret", new Caller("other", Set.of("*"), Caller.Role.ADMIN))),
            new SetClock("2026-11-23T14:20:00Z"));

    private final SortedMap<String, String> signed = headers("host", HOST, "x-sdk-date", DATE, "x-project-id", PROJECT);

    /** What the official Java SDK sent, and what it made its signature of. */
    @Test
    void theOfficialClientsSignature() {
        Map<String, String> sent = new HashMap<>(signed);
        sent.put("user-agent", "huaweicloud-usdk-java/3.0");
        RequestHead request = Requests.of("GET", PATH, QUERY, Requests.ADDRESS, sent);
        CanonicalRequest canonical =
                new CanonicalRequest(request, List.of("host", "user-agent", "x-project-id", "x-sdk-date"));
        assertThat(Digests.sha256Hex(canonical.with(Digests.sha256Hex(NO_BODY))))
                .isEqualTo("659a77b2a11e5348c2f341535efc36442c4cd0e8b90a6a2ce72f91dbba25b425");
        sent.put(
                "Authorization",
                "SDK-HMAC-SHA256 Access=" + ID + ", SignedHeaders=host;user-agent;x-project-id;x-sdk-date,"
                        + " Signature=86037b14169a3e893d93f46ac450befe9cc7474492bb0a39cbf5e67e949e60c0");
        assertThat(verify(Requests.of("GET", PATH, QUERY, Requests.ADDRESS, sent), NO_BODY))
                .isEqualTo(OWNER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "20261123//", "20261123/eu-de/dcs"})
    void bothForms(String scope) {
        RequestSigner signer = new RequestSigner(ID, SECRET);
        if (!scope.isEmpty()) {
            signer.scoped(scope);
        }
        assertThat(verify(request("POST", PATH, QUERY, authorized(signer)), BODY))
                .isEqualTo(OWNER);
    }

    /** Encodings on the wire that are signed as the same. */
    @ParameterizedTest
    @CsvSource({
        "/v2/a~b, /v2/a~b/, x=%7E%2a*, x=~%2A%2A",
        "/v2/a%7eb, /v2/a~b/, x=%7E*%C3%A9, x=~%2A%C3%A9",
        "//v2/a, //v2/a/, b=2&a=1, a=1&b=2",
        "/v2/a/, /v2/a/, a=2&a=1&b, a=1&a=2&b=",
        "/v2//a/b, /v2//a/b/, a=1+2&&c==, a=1%202&c=%3D",
        "/v2/a:b+c, /v2/a%3Ab%2Bc/, '', ''",
        "/, /, '', ''"
    })
    void wireEncodings(String path, String canonicalPath, String query, String canonicalQuery) {
        signed.put("x-sdk-date", DATE);
        SortedMap<String, String> sent = new TreeMap<>(signed);
        sent.put(
                "authorization",
                new RequestSigner(ID, SECRET).sign("GET", canonicalPath, canonicalQuery, signed, NO_BODY));
        assertThat(verify(request("GET", path, query, sent), NO_BODY)).isEqualTo(OWNER);
    }

    @Test
    void blanksAroundAHeaderAreNotSigned() {
        Map<String, String> sent = authorized(new RequestSigner(ID, SECRET));
        sent.put("host", " " + HOST + "  ");
        assertThat(verify(request("POST", PATH, QUERY, sent), BODY)).isEqualTo(OWNER);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, migration-tasks, limit=10&name=a%20b%2Bc&offset=0",
        "POST, migration-task, limit=10&name=a%20b%2Bc&offset=0",
        "POST, migration-tasks, limit=11&name=a%20b%2Bc&offset=0",
        "POST, migration-tasks, limit=10&name=a%20b%20c&offset=0",
        "POST, migration-tasks, limit=10&name=a%20b+c&offset=0",
        "POST, migration-tasks, limit=10&name=a%20b%2Bc",
        "POST, migration-tasks, limit=10&name=a%20b%2Bc&offset=0&x=1",
        "POST, migration-tasks%2F, limit=10&name=a%20b%2Bc&offset=0"
    })
    void aRequestLineThatWasNotSigned(String method, String last, String query) {
        RequestHead request = request(method, "/v2/" + PROJECT + "/" + last, query, authorized(signer()));
        assertRefused(request, BODY, "verify aksk signature fail");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"task_name\":\"y\"}", "{\"task_name\":\"x\"} "})
    void aBodyThatWasNotSigned(String body) {
        assertRefused(
                request("POST", PATH, QUERY, authorized(signer())),
                body.getBytes(StandardCharsets.UTF_8),
                "verify aksk signature fail");
    }

    @ParameterizedTest
    @CsvSource({
        "host, 127.0.0.1, verify aksk signature fail",
        "x-project-id, fedcba9876543210fedcba9876543210, verify aksk signature fail",
        "x-sdk-date, 20261123T142001Z, verify aksk signature fail",
        "x-project-id, , a signed header is missing",
        "host, , a signed header is missing",
        "x-sdk-date, , the header X-Sdk-Date is missing",
        "x-security-token, x, temporary access keys (X-Security-Token) are not supported"
    })
    void aHeaderThatWasNotSigned(String name, String value, String reason) {
        Map<String, String> sent = authorized(signer());
        sent.remove(name);
        if (value != null) {
            sent.put(name, value);
        }
        assertRefused(request("POST", PATH, QUERY, sent), BODY, reason);
    }

    @Test
    void aHeaderThatIsThereTwice() {
        RequestHead once = request("POST", PATH, QUERY, authorized(signer()));
        for (String name : List.of("host", "x-sdk-date", "authorization", "x-project-id")) {
            Map<String, List<String>> twice = new HashMap<>(once.headers());
            twice.put(name, List.of(once.headers().get(name).get(0), "other"));
            assertRefused(
                    new RequestHead("POST", PATH, PATH, QUERY, Requests.ADDRESS, twice),
                    BODY,
                    "the header " + name + " is there more than once");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "20261123T140500Z, true",
        "20261123T143500Z, true",
        "20261123T140459Z, false",
        "20261123T143501Z, false",
        "20251123T142000Z, false"
    })
    void aQuarterOfAnHourIsTolerated(String date, boolean right) {
        signed.put("x-sdk-date", date);
        RequestHead request = request("POST", PATH, QUERY, authorized(signer()));
        if (right) {
            assertThat(verify(request, BODY)).isEqualTo(OWNER);
        } else {
            assertRefusedByHead(
                    request, "signature expired: X-Sdk-Date is more than 15 minutes off this server's clock");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "2026-11-23T14:20:00Z", "20261123T142000", "20261131T142000Z", "20261123T142060Z"})
    void aDateThatIsNone(String date) {
        signed.put("x-sdk-date", date);
        assertRefusedByHead(
                request("POST", PATH, QUERY, authorized(signer())), "X-Sdk-Date is not of the form yyyyMMddTHHmmssZ");
    }

    @Test
    void theHashOfTheBodyIsCompared() {
        signed.put("x-sdk-content-sha256", Digests.sha256Hex(BODY));
        RequestHead request = request("POST", PATH, QUERY, authorized(signer()));
        assertThat(verify(request, BODY)).isEqualTo(OWNER);
        assertRefused(request, NO_BODY, "X-Sdk-Content-Sha256 is not the hash of the body");
        signed.put("x-sdk-content-sha256", "UNSIGNED-PAYLOAD");
        assertRefused(
                request("POST", PATH, QUERY, authorized(signer())),
                BODY,
                "X-Sdk-Content-Sha256 is not the hash of the body");
    }

    @Test
    void anotherSecretOrKey() {
        assertRefused(
                request("POST", PATH, QUERY, authorized(new RequestSigner(ID, SECRET + "x"))),
                BODY,
                "verify aksk signature fail");
        assertRefused(
                request("POST", PATH, QUERY, authorized(new RequestSigner("AKOTHER", SECRET))),
                BODY,
                "verify aksk signature fail");
        assertRefusedByHead(
                request("POST", PATH, QUERY, authorized(new RequestSigner("AKNOBODY", SECRET))),
                "verify aksk signature fail");
    }

    @Test
    void aScopeThatWasNotSigned() {
        Map<String, String> sent = authorized(new RequestSigner(ID, SECRET).scoped("20261123/eu-de/dcs"));
        sent.merge("authorization", "", (right, none) -> right.replace("/eu-de/", "/eu-nl/"));
        assertRefused(request("POST", PATH, QUERY, sent), BODY, "verify aksk signature fail");
        sent = authorized(new RequestSigner(ID, SECRET).scoped("20261122/eu-de/dcs"));
        assertRefusedByHead(request("POST", PATH, QUERY, sent), "the credential is of another day than X-Sdk-Date");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "V11-HMAC-SHA256 Credential=a/b/c/d, SignedHeaders=host | the only supported algorithm is SDK-HMAC-SHA256",
                "SDK-HMAC-SM3 Access=a | the only supported algorithm is SDK-HMAC-SHA256",
                "SDK-ECDSA-P256-SHA256 Access=a | the only supported algorithm is SDK-HMAC-SHA256",
                "SDK-HMAC-SHA256 | the only supported algorithm is SDK-HMAC-SHA256",
                "SDK-HMAC-SHA256 x | the header Authorization is malformed",
                "SDK-HMAC-SHA256 Access=a | the header Authorization is malformed",
                "SDK-HMAC-SHA256 Access=a, Access=a | the header Authorization is malformed",
                "SDK-HMAC-SHA256 SignedHeaders=host;x-sdk-date, Signature=$ | the header Authorization is malformed",
                "SDK-HMAC-SHA256 Access=a, Credential=a/b/c/d/sdk_request, SignedHeaders=host;x-sdk-date, Signature=$ |"
                        + " the header Authorization is malformed",
                "SDK-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host;x-sdk-date, Signature=$ | the header"
                        + " Authorization is malformed",
                "SDK-HMAC-SHA256 Credential=a/b/c/sdk_request, SignedHeaders=host;x-sdk-date, Signature=$ | the header"
                        + " Authorization is malformed",
                "SDK-HMAC-SHA256 Access=a, SignedHeaders=host;x-sdk-date, Signature=00 | the header Authorization is"
                        + " malformed",
                "SDK-HMAC-SHA256 Access=a, SignedHeaders=Host;x-sdk-date, Signature=$ | the header Authorization is"
                        + " malformed",
                "SDK-HMAC-SHA256 Access=a, SignedHeaders=host;host;x-sdk-date, Signature=$ | the header Authorization is"
                        + " malformed",
                "SDK-HMAC-SHA256 Access=a, SignedHeaders=host, Signature=$ | host and x-sdk-date must be signed",
                "SDK-HMAC-SHA256 Access=a, SignedHeaders=x-sdk-date, Signature=$ | host and x-sdk-date must be signed"
            })
    void aHeaderThatIsNoSignature(String authorization, String reason) {
        Map<String, String> sent = new HashMap<>(signed);
        sent.put("authorization", authorization.replace("$", "0".repeat(64)));
        assertThat(SignatureHeader.isMeant(authorization)).isTrue();
        assertRefusedByHead(request("GET", PATH, QUERY, sent), reason);
    }

    @ParameterizedTest
    @CsvSource({
        "/v2/%zz, a=1",
        "/v2/%, a=1",
        "/v2/%4, a=1",
        "/v2/%+4, a=1",
        "/v2/\u00e9, a=1",
        "/v2/\uff10, a=1",
        "/v2, a=%",
        "/v2, %g0=1"
    })
    void anUrlThatCannotBeDecoded(String path, String query) {
        assertRefusedByHead(request("POST", path, query, authorized(signer())), "the URL is not percent-encoded");
    }

    @Test
    void theSecretIsNotShown() {
        AccessKey key = new AccessKey(ID, SECRET, OWNER);
        assertThat(key.toString()).isEqualTo("access key ci");
        RequestHead request = request("POST", PATH, QUERY, authorized(signer()));
        assertThat(request.toString()).isEqualTo("POST " + PATH + " from 192.0.2.1");
        assertThat(new Admission(request, null, "token").toString()).isEqualTo(request.toString());
        assertThat(new KeystoneAccount("u", "d", SECRET, "p").toString()).isEqualTo("user u of project p");
    }

    private static RequestSigner signer() {
        return new RequestSigner(ID, SECRET);
    }

    /** The headers of a POST with the body, signed. */
    private Map<String, String> authorized(RequestSigner signer) {
        Map<String, String> sent = new HashMap<>(signed);
        sent.put("authorization", signer.sign("POST", PATH + "/", QUERY, signed, BODY));
        return sent;
    }

    private static RequestHead request(String method, String path, String query, Map<String, String> headers) {
        return Requests.of(method, path, query, Requests.ADDRESS, headers);
    }

    private Caller verify(RequestHead request, byte[] body) {
        return signatures.begin(request).verify(body);
    }

    private void assertRefusedByHead(RequestHead request, String reason) {
        assertThatThrownBy(() -> signatures.begin(request))
                .isInstanceOf(AuthenticationException.class)
                .hasMessage("APIGW.0301 Incorrect IAM authentication information: " + reason);
    }

    private void assertRefused(RequestHead request, byte[] body, String reason) {
        assertThatThrownBy(() -> verify(request, body))
                .isInstanceOf(AuthenticationException.class)
                .hasMessage("APIGW.0301 Incorrect IAM authentication information: " + reason);
    }
}
