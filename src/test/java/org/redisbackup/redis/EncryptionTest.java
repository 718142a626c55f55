package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.MAGIC;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisCluster;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.TestCertificate;
import org.redisbackup.support.TlsProxy;
import redis.clients.jedis.Jedis;

/** Imports through proxies that end the encryption. */
class EncryptionTest {
    private static final RdbFile FILE = new RdbFile(MAGIC).strings("key", 5000);

    @TempDir
    static Path directory;

    private static TestCertificate server;
    private static TestCertificate client;

    @BeforeAll
    static void makeCertificates() throws Exception {
        server = TestCertificate.make(directory, "server", "EC");
        client = TestCertificate.make(directory, "client", "RSA");
    }

    private static Target target(String host, int port, Encryption encryption) {
        return new Target(host, port, null, null, false).withEncryption(encryption);
    }

    private static Encryption trusting() throws Exception {
        return new Encryption(server.certificate(), null, null, true);
    }

    private static void assertImports(Target target) throws Exception {
        RedisServer redis = RedisServers.shared(RedisServers.embedded());
        try (KeyPipeline pipeline = KeyPipeline.to(target, 5000);
                Jedis jedis = redis.jedis()) {
            assertThat(Imports.all(pipeline, FILE, ConflictPolicy.FAIL).imported())
                    .isEqualTo(5000);
            assertThat(jedis.dbSize()).isEqualTo(5000);
        }
    }

    private static String failure(Target target) {
        try (KeyPipeline pipeline = KeyPipeline.to(target, 5000)) {
            return catchThrowableOfType(DeliveryException.class, () -> Imports.all(pipeline, FILE, ConflictPolicy.FAIL))
                    .getMessage();
        }
    }

    @Test
    void trustsAnAuthorityOfItsOwn() throws Exception {
        RedisServer redis = RedisServers.shared(RedisServers.embedded());
        try (TlsProxy proxy = new TlsProxy(redis.port(), server, null)) {
            assertImports(target("127.0.0.1", proxy.port(), trusting()));
            assertThat(failure(target("127.0.0.1", proxy.port(), Encryption.STANDARD)))
                    .startsWith("TLS with 127.0.0.1:" + proxy.port() + " failed (");
            assertThat(failure(
                            target("127.0.0.1", proxy.port(), new Encryption(client.certificate(), null, null, true))))
                    .startsWith("TLS with 127.0.0.1:" + proxy.port() + " failed (");
        }
    }

    @Test
    void wantsTheHostInTheCertificate() throws Exception {
        RedisServer redis = RedisServers.shared(RedisServers.embedded());
        try (TlsProxy proxy = new TlsProxy(redis.port(), server, null)) {
            assertThat(failure(target("localhost", proxy.port(), trusting())))
                    .startsWith("TLS with localhost:" + proxy.port() + " failed (")
                    .endsWith("and that its certificate is trusted and names the host");
            assertImports(target("localhost", proxy.port(), new Encryption(server.certificate(), null, null, false)));
        }
    }

    @Test
    void showsACertificateOfItsOwn() throws Exception {
        RedisServer redis = RedisServers.shared(RedisServers.embedded());
        try (TlsProxy proxy = new TlsProxy(redis.port(), server, client)) {
            assertImports(target(
                    "127.0.0.1",
                    proxy.port(),
                    new Encryption(server.certificate(), client.certificate(), client.key(), true)));
            assertThat(failure(target("127.0.0.1", proxy.port(), trusting()))).contains("127.0.0.1:" + proxy.port());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "Ed25519"})
    void readsKeysOfOtherAlgorithms(String algorithm) throws Exception {
        TestCertificate other = TestCertificate.make(directory, "other" + algorithm, algorithm);
        assertThat(PemFile.privateKey(other.key()).getEncoded()).isNotEmpty();
        new Encryption(null, other.certificate(), other.key(), true).check();
    }

    @Test
    void saysWhatIsWrongWithAFile() throws Exception {
        Path missing = directory.resolve("missing.pem");
        Path text = Files.writeString(directory.resolve("text.pem"), "no certificate");
        Path old = Files.writeString(
                directory.resolve("old.pem"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        assertThatThrownBy(() -> new Encryption(missing, null, null, true).check())
                .hasMessage("the file " + missing + " can't be read");
        assertThatThrownBy(() -> new Encryption(text, null, null, true).check())
                .hasMessage("the file " + text + " holds no certificate in PEM form");
        assertThatThrownBy(() -> new Encryption(null, client.certificate(), old, true).check())
                .hasMessage("the file " + old + " holds no private key as PKCS #8 without a password;"
                        + " \"openssl pkcs8 -topk8 -nocrypt\" makes one");
        assertThatThrownBy(() -> new Encryption(null, client.certificate(), server.key(), true).check())
                .hasMessage(
                        "the key in " + server.key() + " is not that of the certificate in " + client.certificate());
        assertThatThrownBy(() -> new Encryption(null, client.certificate(), null, true))
                .hasMessageContaining("give both or none");
        assertThat(failure(target("127.0.0.1", 1, new Encryption(missing, null, null, true))))
                .isEqualTo("127.0.0.1:1 can't be reached by TLS: the file " + missing + " can't be read");
    }

    /** With a user of the access control list. */
    @Test
    void reachesEveryNodeOfACluster() throws Exception {
        List<TlsProxy> proxies = new ArrayList<>();
        try (RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false)) {
            for (RedisServer node : cluster.primaries()) {
                TlsProxy proxy = new TlsProxy(node.port(), server, client);
                proxies.add(proxy);
                try (Jedis jedis = node.jedis()) {
                    jedis.configSet("cluster-announce-port", Integer.toString(proxy.port()));
                    jedis.aclSetUser(
                            "importer", "on", ">secret", "~*", "+restore", "+info", "+cluster|slots", "+select");
                    jedis.aclSetUser("default", "off");
                }
            }
            Target target = new Target(
                    TargetMode.CLUSTER,
                    List.of(new Address("127.0.0.1", proxies.get(0).port())),
                    null,
                    "importer",
                    Secret.of("secret"),
                    new Encryption(server.certificate(), client.certificate(), client.key(), true));
            ClusterTopology topology = new ClusterTopology(target, 5000);
            Conditions.await(
                    () -> topology.look().primaries().stream()
                            .map(Address::port)
                            .sorted()
                            .toList(),
                    proxies.stream().map(TlsProxy::port).sorted().toList()::equals);
            try (KeyPipeline pipeline = KeyPipeline.to(target, 5000)) {
                assertThat(Imports.all(pipeline, FILE, ConflictPolicy.FAIL).imported())
                        .isEqualTo(5000);
            }
        } finally {
            proxies.forEach(TlsProxy::close);
        }
    }
}
