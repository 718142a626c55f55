package org.redisbackup.support;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client's side of {@code SDK-HMAC-SHA256}, written from the published algorithm apart from the code under test. The
 * path and the query are given as they are signed.
 */
public final class RequestSigner {
    private final String accessKey;
    private final String secret;
    private String scope;

    public RequestSigner(String accessKey, String secret) {
        this.accessKey = accessKey;
        this.secret = secret;
    }

    /** Signs with {@code Credential=} from now on. */
    public RequestSigner scoped(String dateRegionAndService) {
        scope = dateRegionAndService + "/sdk_request";
        return this;
    }

    /** The value of {@code Authorization}. All of the headers are signed; {@code x-sdk-date} is one of them. */
    public String sign(
            String method,
            String canonicalPath,
            String canonicalQuery,
            SortedMap<String, String> headers,
            byte[] body) {
        StringBuilder canonical = new StringBuilder()
                .append(method)
                .append('\n')
                .append(canonicalPath)
                .append('\n')
                .append(canonicalQuery)
                .append('\n');
        headers.forEach((name, value) ->
                canonical.append(name).append(':').append(value).append('\n'));
        String names = String.join(";", headers.keySet());
        canonical.append('\n').append(names).append('\n').append(hash(body));
        String toSign = "SDK-HMAC-SHA256\n" + headers.get("x-sdk-date") + "\n" + (scope == null ? "" : scope + "\n")
                + hash(canonical.toString().getBytes(StandardCharsets.UTF_8));
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        if (scope != null) {
            key = ("SDK" + secret).getBytes(StandardCharsets.UTF_8);
            for (String part : scope.split("/", -1)) {
                key = hmac(key, part);
            }
        }
        return "SDK-HMAC-SHA256 " + (scope == null ? "Access=" + accessKey : "Credential=" + accessKey + "/" + scope)
                + ", SignedHeaders=" + names + ", Signature="
                + HexFormat.of().formatHex(hmac(key, toSign));
    }

    /** Headers with names as they are signed. */
    public static SortedMap<String, String> headers(String... namesAndValues) {
        SortedMap<String, String> headers = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
