package org.redisbackup.support;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.redisbackup.app.embedded.EmbeddedS3;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 server of the tests: one for all, started by the first that asks, ended with the JVM. */
public final class S3Server {
    public static final String ACCESS_KEY = "test-access-key";
    public static final String SECRET_KEY = "test-secret-key";

    private S3Server() {}

    /** Started when first asked for. */
    private static final class Running {
        static final EmbeddedS3 SERVER = start();
        static final S3Client CLIENT = SERVER.client();

        private static EmbeddedS3 start() {
            try {
                Path directory = Files.createDirectories(Path.of("target/s3-tests"));
                Path run = Files.createTempDirectory(directory, "run");
                EmbeddedS3 server = EmbeddedS3.start(run, ACCESS_KEY, SECRET_KEY);
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, run)));
                return server;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void end(EmbeddedS3 server, Path directory) {
        server.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static EmbeddedS3 server() {
        return Running.SERVER;
    }

    /** Shared by all tests; not to be closed. */
    public static S3Client client() {
        return Running.CLIENT;
    }

    /** A client that reaches the server, or claims to be somebody else, by other ways; the caller closes it. */
    public static S3Client client(URI endpoint, String accessKey, String secretKey) {
        return client(
                endpoint,
                accessKey,
                secretKey,
                ClientOverrideConfiguration.builder().build());
    }

    public static S3Client client(
            URI endpoint, String accessKey, String secretKey, ClientOverrideConfiguration configuration) {
        return client(
                endpoint,
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)),
                configuration);
    }

    /** A client whose credentials may change. */
    public static S3Client client(URI endpoint, AwsCredentialsProvider credentials) {
        return client(
                endpoint, credentials, ClientOverrideConfiguration.builder().build());
    }

    private static S3Client client(
            URI endpoint, AwsCredentialsProvider credentials, ClientOverrideConfiguration configuration) {
        return S3Client.builder()
                .overrideConfiguration(configuration)
                .endpointOverride(endpoint)
                .region(Region.of(EmbeddedS3.REGION))
                .credentialsProvider(credentials)
                .forcePathStyle(true)
                .build();
    }

    /** Makes an empty bucket and answers its name. */
    public static String freshBucket() {
        String bucket = "bucket-" + UUID.randomUUID();
        client().createBucket(request -> request.bucket(bucket));
        return bucket;
    }

    /** What makes Camel's aws2-s3 component use this server. */
    public static Map<String, String> properties() {
        return server().camelProperties();
    }
}
