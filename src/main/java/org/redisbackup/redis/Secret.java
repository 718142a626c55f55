package org.redisbackup.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A password as it is kept in memory: veiled with random bytes, so that neither the text of an object nor a search
 * through a memory dump shows it. Who has the whole dump and this class can still unveil it.
 */
public final class Secret {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] veil;
    private final byte[] veiled;

    private Secret(byte[] bytes) {
        veil = new byte[bytes.length];
        RANDOM.nextBytes(veil);
        veiled = xor(bytes, veil);
    }

    /** @return null for null */
    public static Secret of(String text) {
        return text == null ? null : new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The password of a secret that may be null; not to be kept. */
    public static String reveal(Secret secret) {
        return secret == null ? null : new String(secret.bytes(), StandardCharsets.UTF_8);
    }

    private byte[] bytes() {
        return xor(veiled, veil);
    }

    private static byte[] xor(byte[] some, byte[] others) {
        byte[] result = new byte[some.length];
        for (int i = 0; i < some.length; i++) {
            result[i] = (byte) (some[i] ^ others[i]);
        }
        return result;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes());
    }

    @Override
    public String toString() {
        return "***";
    }
}
