package org.redisbackup.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A certificate that vouches for itself, valid for 127.0.0.1, and its key. */
public final class TestCertificate {
    static final char[] PASSWORD = "changeit".toCharArray();

    private static final Path KEYTOOL = Path.of(System.getProperty("java.home"), "bin", "keytool");
    private static final String ALIAS = "test";

    private final Path directory;
    private final String name;
    private final KeyStore store;

    private TestCertificate(Path directory, String name, KeyStore store) {
        this.directory = directory;
        this.name = name;
        this.store = store;
    }

    /**
     * @param algorithm of its key: EC, RSA or Ed25519
     */
    public static TestCertificate make(Path directory, String name, String algorithm) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        KEYTOOL.toString(),
                        "-genkeypair",
                        "-keyalg",
                        algorithm,
                        "-alias",
                        ALIAS,
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        String.valueOf(PASSWORD))
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IOException(output);
        }
        return new TestCertificate(directory, name, KeyStore.getInstance(file.toFile(), PASSWORD));
    }

    KeyStore store() {
        return store;
    }

    /** A store that trusts it. */
    KeyStore trusting() throws GeneralSecurityException, IOException {
        KeyStore trusting = KeyStore.getInstance("PKCS12");
        trusting.load(null, PASSWORD);
        trusting.setCertificateEntry(name, store.getCertificate(ALIAS));
        return trusting;
    }

    /** The certificate as a PEM file. */
    public Path certificate() throws GeneralSecurityException, IOException {
        return write("CERTIFICATE", ".crt", store.getCertificate(ALIAS).getEncoded());
    }

    /** The private key as a PEM file. */
    public Path key() throws GeneralSecurityException, IOException {
        return write("PRIVATE KEY", ".key", store.getKey(ALIAS, PASSWORD).getEncoded());
    }

    private Path write(String what, String ending, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                directory.resolve(name + ending),
                "some words first\n-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
    }
}
