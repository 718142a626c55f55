package org.redisbackup.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as files of text (PEM, RFC 7468). Every method names the file in what it throws. */
final class PemFile {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");
    private static final long LARGEST = 1 << 20;

    private PemFile() {}

    /**
     * All certificates of a file, in its order.
     *
     * @throws IllegalArgumentException when there are none, or the file can't be read
     */
    static List<Certificate> certificates(Path file) {
        checkSize(file);
        try (InputStream in = Files.newInputStream(file)) {
            List<Certificate> found =
                    List.copyOf(CertificateFactory.getInstance("X.509").generateCertificates(in));
            if (!found.isEmpty()) {
                return found;
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the file " + file + " holds no certificate in PEM form", e);
        }
        throw new IllegalArgumentException("the file " + file + " holds no certificate in PEM form");
    }

    /**
     * The private key of a file, PKCS #8 without a password.
     *
     * @throws IllegalArgumentException when there is none, or the file can't be read
     */
    static PrivateKey privateKey(Path file) {
        checkSize(file);
        try {
            Matcher key = KEY.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (key.find()) {
                byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
                for (String algorithm : ALGORITHMS) {
                    PrivateKey read = read(algorithm, encoded);
                    if (read != null) {
                        return read;
                    }
                }
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        throw new IllegalArgumentException("the file " + file + " holds no private key as PKCS #8 without a password;"
                + " \"openssl pkcs8 -topk8 -nocrypt\" makes one");
    }

    /** Null when it is a key of another algorithm: only trying tells. */
    private static PrivateKey read(String algorithm, byte[] encoded) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    private static void checkSize(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                throw new IllegalArgumentException("the file " + file + " is larger than any PEM file: " + LARGEST);
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static IllegalArgumentException unreadable(Path file, IOException e) {
        return new IllegalArgumentException("the file " + file + " can't be read", e);
    }
}
