package org.redisbackup.api.auth;

import java.security.MessageDigest;
import java.util.HexFormat;

/** A request whose signature is right as far as that can be said without its body. */
final class SignedRequest {
    /** The same for an unknown key, whose existence is nobody's business. */
    static final String WRONG = "verify aksk signature fail";

    private static final String CONTENT_HASH = "x-sdk-content-sha256";

    private final RequestHead request;
    private final SignatureHeader header;
    private final AccessKey key;
    private final String date;
    private final CanonicalRequest canonical;

    SignedRequest(RequestHead request, SignatureHeader header, AccessKey key, String date, CanonicalRequest canonical) {
        this.request = request;
        this.header = header;
        this.key = key;
        this.date = date;
        this.canonical = canonical;
    }

    AccessKey key() {
        return key;
    }

    /**
     * Who signed it.
     *
     * @param body as received, after chunks are joined
     * @throws AuthenticationException when the owner of the key did not sign this request with this body
     */
    Caller verify(byte[] body) {
        String hash = Digests.sha256Hex(body);
        String claimed = request.header(CONTENT_HASH);
        if (claimed != null && !claimed.equals(hash)) {
            throw AuthenticationException.signature("X-Sdk-Content-Sha256 is not the hash of the body");
        }
        byte[] right = Digests.hmac(header.keyFrom(key.secret()), stringToSign(canonical.with(hash)));
        if (!MessageDigest.isEqual(right, HexFormat.of().parseHex(header.signature()))) {
            throw AuthenticationException.signature(WRONG);
        }
        return key.caller();
    }

    private String stringToSign(String canonicalRequest) {
        String scope = header.scope().isEmpty() ? "" : String.join("/", header.scope()) + "\n";
        return SignatureHeader.ALGORITHM + "\n" + date + "\n" + scope + Digests.sha256Hex(canonicalRequest);
    }
}
