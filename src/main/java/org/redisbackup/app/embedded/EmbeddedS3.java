package org.redisbackup.app.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A real S3 server (S3Proxy) on a free port of 127.0.0.1, which checks signatures, keeps its buckets in a folder and ends
 * with this JVM. It runs in a JVM of its own because its class path does not go with ours.
 */
public final class EmbeddedS3 implements AutoCloseable {
    /** System property that names the S3Proxy jar with dependencies; the build leaves it at the default. */
    public static final String JAR_PROPERTY = "redisbackup.embedded.s3proxy";

    /** S3Proxy takes any region; clients have to name one. */
    public static final String REGION = "us-east-1";

    private static final String DEFAULT_JAR = "target/embedded/s3proxy.jar";
    private static final int ATTEMPTS = 3;
    private static final Duration READY = Duration.ofSeconds(60);
    private static final int REQUEST_MILLIS = 5000;

    /** Its own default logs every request at DEBUG. */
    private static final String LOGBACK =
            """
            <configuration>
              <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
                <encoder><pattern>%d %-5level %logger{1} %msg%n</pattern></encoder>
              </appender>
              <root level="WARN"><appender-ref ref="STDOUT"/></root>
            </configuration>
            """;

    private final ChildProcess process;
    private final int port;
    private final String accessKey;
    private final String secretKey;

    private EmbeddedS3(ChildProcess process, int port, String accessKey, String secretKey) {
        this.process = process;
        this.port = port;
        this.accessKey = accessKey;
        this.secretKey = secretKey;
    }

    /**
     * Starts the server and waits until it answers.
     *
     * @param directory for its buckets, settings and log; made when missing
     * @param accessKey the only one it accepts
     * @param secretKey that belongs to it
     * @throws IOException when its jar is missing or it does not come up; the message says what to do, or ends with the
     *     last lines of its log
     */
    public static EmbeddedS3 start(Path directory, String accessKey, String secretKey) throws IOException {
        Path jar = jar();
        Files.createDirectories(directory.resolve("buckets"));
        Path logback = Files.writeString(directory.resolve("logback.xml"), LOGBACK);
        for (int attempt = 1; ; attempt++) {
            int port = Loopback.freePort();
            Path settings = writeSettings(directory, port, accessKey, secretKey);
            ChildProcess process = ChildProcess.start(
                    "S3 server",
                    directory,
                    directory.resolve("s3proxy.log"),
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Dlogback.configurationFile=" + logback.toAbsolutePath(),
                            "-jar",
                            jar.toString(),
                            "--properties",
                            settings.toAbsolutePath().toString()));
            try {
                process.await(() -> answers(port), READY);
                return new EmbeddedS3(process, port, accessKey, secretKey);
            } catch (IOException e) {
                process.close();
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static Path jar() throws IOException {
        Path jar = Path.of(System.getProperty(JAR_PROPERTY, DEFAULT_JAR)).toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new IOException(
                    "The embedded S3 server needs " + jar + ": run the build (mvn compile) or name the jar"
                            + " (org.gaul:s3proxy, jar-with-dependencies) in -D" + JAR_PROPERTY + ".");
        }
        return jar;
    }

    private static Path writeSettings(Path directory, int port, String accessKey, String secretKey) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("s3proxy.endpoint", "http://" + Loopback.HOST + ":" + port);
        properties.setProperty("s3proxy.authorization", "aws-v2-or-v4");
        properties.setProperty("s3proxy.identity", accessKey);
        properties.setProperty("s3proxy.credential", secretKey);
        properties.setProperty("jclouds.provider", "filesystem-nio2");
        properties.setProperty(
                "jclouds.filesystem.basedir",
                directory.resolve("buckets").toAbsolutePath().toString());
        Path settings = directory.resolve("s3proxy.properties");
        Files.deleteIfExists(settings);
        Files.createFile(settings, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (OutputStream out = Files.newOutputStream(settings)) {
            properties.store(out, null);
        }
        return settings;
    }

    /** Any answer will do: a request without a signature is refused. */
    private static boolean answers(int port) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) endpoint(port).toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(REQUEST_MILLIS);
            connection.setReadTimeout(REQUEST_MILLIS);
            boolean answered = connection.getResponseCode() > 0;
            connection.disconnect();
            return answered;
        } catch (IOException e) {
            return false;
        }
    }

    private static URI endpoint(int port) {
        return URI.create("http://" + Loopback.HOST + ":" + port);
    }

    public URI endpoint() {
        return endpoint(port);
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    public String accessKey() {
        return accessKey;
    }

    public String secretKey() {
        return secretKey;
    }

    /** A client of this server; the caller closes it. */
    public S3Client client() {
        return S3Client.builder()
                .endpointOverride(endpoint())
                .region(Region.of(REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
                .forcePathStyle(true)
                .build();
    }

    /** What makes Camel's aws2-s3 component a client of this server. */
    public Map<String, String> camelProperties() {
        String component = "camel.component.aws2-s3.";
        return Map.of(
                component + "overrideEndpoint",
                "true",
                component + "uriEndpointOverride",
                endpoint().toString(),
                component + "forcePathStyle",
                "true",
                component + "region",
                REGION,
                component + "accessKey",
                accessKey,
                component + "secretKey",
                secretKey);
    }

    @Override
    public void close() {
        process.close();
    }
}
