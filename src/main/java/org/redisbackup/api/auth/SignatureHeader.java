package org.redisbackup.api.auth;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The header {@code Authorization} of a signed request, in one of two forms: {@code SDK-HMAC-SHA256 Access=KEY, ...} of
 * the official SDKs, and {@code SDK-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/sdk_request, ...}.
 *
 * @param accessKey id of the key
 * @param scope date, region, service and {@code sdk_request} of the second form, empty in the first
 * @param signedHeaders names in lower case, in the order of the header
 * @param signature 64 digits of lower-case hexadecimal
 */
record SignatureHeader(String accessKey, List<String> scope, List<String> signedHeaders, String signature) {
    static final String ALGORITHM = "SDK-HMAC-SHA256";

    /** Of all algorithms that official clients know. */
    private static final Pattern ANY_SIGNATURE = Pattern.compile("(SDK|V11)-[A-Z0-9-]+( .*)?");

    private static final String SCOPE_END = "sdk_request";
    private static final int CREDENTIAL_PARTS = 5;
    private static final Pattern HEADER_NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern SIGNATURE = Pattern.compile("[0-9a-f]{64}");

    /** Whether the header is meant to be a signature, of whatever kind, and no {@code Bearer} or {@code Basic}. */
    static boolean isMeant(String authorization) {
        return authorization != null && ANY_SIGNATURE.matcher(authorization).matches();
    }

    /** @throws AuthenticationException when it has neither form, or leaves the host or the date unsigned */
    static SignatureHeader parse(String authorization) {
        if (!authorization.startsWith(ALGORITHM + " ")) {
            throw AuthenticationException.signature("the only supported algorithm is " + ALGORITHM);
        }
        Map<String, String> fields = fields(authorization.substring(ALGORITHM.length() + 1));
        String signature = required(fields, "Signature");
        if (!SIGNATURE.matcher(signature).matches()) {
            throw malformed();
        }
        List<String> signedHeaders = signedHeaders(required(fields, "SignedHeaders"));
        if (fields.containsKey("Access") == fields.containsKey("Credential")) {
            throw malformed();
        }
        if (fields.containsKey("Access")) {
            return new SignatureHeader(fields.get("Access"), List.of(), signedHeaders, signature);
        }
        List<String> credential = List.of(fields.get("Credential").split("/", -1));
        if (credential.size() != CREDENTIAL_PARTS
                || !credential.get(CREDENTIAL_PARTS - 1).equals(SCOPE_END)) {
            throw malformed();
        }
        return new SignatureHeader(
                credential.get(0), credential.subList(1, CREDENTIAL_PARTS), signedHeaders, signature);
    }

    private static Map<String, String> fields(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split(",", -1)) {
            int equals = field.indexOf('=');
            if (equals < 0
                    || fields.put(
                                    field.substring(0, equals).trim(),
                                    field.substring(equals + 1).trim())
                            != null) {
                throw malformed();
            }
        }
        return fields;
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.get(name);
        if (value == null) {
            throw malformed();
        }
        return value;
    }

    /** The host must be among them, else a request could be sent to another service of the same owner. */
    private static List<String> signedHeaders(String text) {
        List<String> names = List.of(text.split(";", -1));
        if (names.stream().anyMatch(name -> !HEADER_NAME.matcher(name).matches())
                || new HashSet<>(names).size() < names.size()) {
            throw malformed();
        }
        if (!names.contains("host") || !names.contains(Signatures.DATE)) {
            throw AuthenticationException.signature("host and x-sdk-date must be signed");
        }
        return names;
    }

    /** The key that signs: the secret itself, or one that is derived from it for the scope. */
    byte[] keyFrom(String secret) {
        if (scope.isEmpty()) {
            return secret.getBytes(StandardCharsets.UTF_8);
        }
        byte[] key = ("SDK" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope) {
            key = Digests.hmac(key, part);
        }
        return key;
    }

    private static AuthenticationException malformed() {
        return AuthenticationException.signature("the header Authorization is malformed");
    }
}
