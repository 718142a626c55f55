package org.redisbackup.task;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.redisbackup.redis.Secret;

/**
 * How the passwords of requests are kept in the state Redis, so that a task can go on in another process: encrypted with
 * AES-256-GCM and bound to their task, or without a key not at all.
 */
public final class PasswordSeal {
    /** Bytes of a key. */
    public static final int KEY_BYTES = 32;

    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12; // of GCM
    private static final int TAG_BITS = 128;
    private static final String NOT_KEPT = "";

    private final SecretKeySpec key;
    private final SecureRandom random = new SecureRandom();

    private PasswordSeal(SecretKeySpec key) {
        this.key = key;
    }

    /** @param key {@value #KEY_BYTES} bytes, or null to keep no password */
    public static PasswordSeal with(byte[] key) {
        return new PasswordSeal(key == null ? null : new SecretKeySpec(key, "AES"));
    }

    /** @return what may be stored; null for no password */
    String seal(String taskId, Secret password) {
        if (password == null) {
            return null;
        }
        if (key == null) {
            return NOT_KEPT;
        }
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, taskId)
                    .doFinal(Secret.reveal(password).getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder()
                    .encodeToString(ByteBuffer.allocate(nonce.length + sealed.length)
                            .put(nonce)
                            .put(sealed)
                            .array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + CIPHER, e);
        }
    }

    /** The password; empty when it was not kept, or was sealed with another key or for another task. */
    Optional<Secret> open(String taskId, String sealed) {
        if (key == null || sealed.equals(NOT_KEPT)) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(sealed));
            byte[] nonce = new byte[NONCE_BYTES];
            bytes.get(nonce);
            byte[] rest = new byte[bytes.remaining()];
            bytes.get(rest);
            byte[] password = cipher(Cipher.DECRYPT_MODE, nonce, taskId).doFinal(rest);
            return Optional.of(Secret.of(new String(password, StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String taskId) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(taskId.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
