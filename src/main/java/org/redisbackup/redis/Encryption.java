package org.redisbackup.redis;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * How connections to a target are encrypted. The files are read for each connection, so that renewed ones count.
 *
 * @param caCertificate PEM file of the authorities that the server's certificate may come from; null for those that the
 *     JVM trusts
 * @param clientCertificate PEM file of the certificate, and its chain, that the server wants from clients; null for none
 * @param clientKey PEM file of its private key (PKCS #8 without a password); null for none
 * @param verifyHostname whether the server's certificate must name the host that was connected to
 */
public record Encryption(Path caCertificate, Path clientCertificate, Path clientKey, boolean verifyHostname) {
    /** The JVM's authorities, no client certificate. */
    public static final Encryption STANDARD = new Encryption(null, null, null, true);

    private static final char[] NO_PASSWORD = {};
    private static final byte[] SAMPLE = {1, 2, 3};

    public Encryption {
        if ((clientCertificate == null) != (clientKey == null)) {
            throw new IllegalArgumentException("a client certificate and its key belong together; give both or none");
        }
    }

    /** @throws IllegalArgumentException with what is wrong with a file */
    public void check() {
        socketFactory();
    }

    /** @throws IllegalArgumentException with what is wrong with a file */
    SSLSocketFactory socketFactory() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(clientCertificate == null ? null : keys(), caCertificate == null ? null : authorities(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("the certificates or the key can't be used (" + e.getMessage() + ")", e);
        }
    }

    SSLParameters parameters() {
        SSLParameters parameters = new SSLParameters();
        parameters.setEndpointIdentificationAlgorithm(verifyHostname ? "HTTPS" : "");
        return parameters;
    }

    private TrustManager[] authorities() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        List<Certificate> certificates = PemFile.certificates(caCertificate);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca" + i, certificates.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager[] keys() throws GeneralSecurityException, IOException {
        KeyStore store = emptyStore();
        Certificate[] chain = PemFile.certificates(clientCertificate).toArray(Certificate[]::new);
        PrivateKey key = PemFile.privateKey(clientKey);
        if (!belongs(key, chain[0])) {
            throw new IllegalArgumentException(
                    "the key in " + clientKey + " is not that of the certificate in " + clientCertificate);
        }
        store.setKeyEntry("client", key, NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    /** Whether the certificate verifies what the key signs: nothing else compares keys of every algorithm. */
    private static boolean belongs(PrivateKey key, Certificate certificate) throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(SAMPLE);
        byte[] signed = signature.sign();
        try {
            signature.initVerify(certificate.getPublicKey());
            signature.update(SAMPLE);
            return signature.verify(signed);
        } catch (InvalidKeyException | SignatureException e) {
            return false;
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }
}
