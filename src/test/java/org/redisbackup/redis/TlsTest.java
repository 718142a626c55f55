package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Imports through TLS: a real server behind a proxy that ends the encryption, a JVM of its own that trusts it. */
class TlsTest {
    private static final String PASSWORD = "changeit";
    private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin");

    @TempDir
    Path directory;

    /** What the other JVM runs: {@code PORT}. */
    public static void main(String[] arguments) throws IOException {
        Target target = new Target("127.0.0.1", Integer.parseInt(arguments[0]), null, null, true);
        try (RestorePipeline pipeline = Imports.pipeline(target)) {
            RdbFile file = new RdbFile(Imports.MAGIC).strings("key", 20_000).string("large", new byte[3_000_000]);
            System.out.println("imported "
                    + Imports.all(pipeline, file, ConflictPolicy.FAIL).imported());
        } catch (DeliveryException e) {
            System.out.println(e.getMessage());
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Path keys() throws Exception {
        Path keys = directory.resolve("keys.p12");
        if (!Files.exists(keys)) {
            run(List.of(
                    JAVA.resolve("keytool").toString(),
                    "-genkeypair",
                    "-keyalg",
                    "EC",
                    "-alias",
                    "test",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=ip:127.0.0.1",
                    "-keystore",
                    keys.toString(),
                    "-storepass",
                    PASSWORD));
        }
        return keys;
    }

    private SSLServerSocket listen() throws Exception {
        KeyStore store = KeyStore.getInstance(keys().toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    /** Takes one connection and passes its bytes on. */
    private static void proxy(SSLServerSocket encrypted, int port) {
        start(() -> {
            try (Socket client = encrypted.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Thread back = start(() -> copy(server, client));
                copy(client, server);
                back.join();
            }
        });
    }

    private static void copy(Socket from, Socket to) throws IOException {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static Thread start(Step step) {
        Thread thread = new Thread(() -> {
            try {
                step.run();
            } catch (Exception e) {
                // one of the two ends has gone, which the test sees in the other
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private String importBy(int port, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(JAVA.resolve("java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TlsTest.class.getName()));
        command.add(Integer.toString(port));
        return run(command);
    }

    @Test
    void importsWhenTheCertificateIsTrusted() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        try (SSLServerSocket encrypted = listen();
                Jedis jedis = server.jedis()) {
            proxy(encrypted, server.port());
            String output = importBy(
                    encrypted.getLocalPort(),
                    "-Djavax.net.ssl.trustStore=" + keys(),
                    "-Djavax.net.ssl.trustStorePassword=" + PASSWORD);
            assertThat(output).contains("imported 20001");
            assertThat(jedis.dbSize()).isEqualTo(20_001);
        }
    }

    @Test
    void saysThatTheCertificateIsNotTrusted() throws Exception {
        try (SSLServerSocket encrypted = listen()) {
            proxy(encrypted, encrypted.getLocalPort());
            assertThat(importBy(encrypted.getLocalPort()))
                    .contains("TLS with 127.0.0.1:" + encrypted.getLocalPort() + " failed")
                    .contains("its certificate is trusted");
        }
    }
}
