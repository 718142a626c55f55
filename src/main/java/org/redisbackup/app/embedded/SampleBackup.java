package org.redisbackup.app.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** Backups to try the product with, written by a real server: filled, saved and uploaded only when they are missing. */
final class SampleBackup {
    /** What all sample backups are stored under. */
    static final String PREFIX = "demo/";

    /** Small, with every type of value, several databases and expiries. */
    static final String ALL_TYPES = PREFIX + "all-types.rdb";

    /** Larger: {@value SampleKeys#MANY} keys of mixed types. */
    static final String MANY_KEYS = PREFIX + "many-keys.rdb";

    /** For the server to write a backup on a machine that has much else to do. */
    private static final int PATIENCE_MILLIS = 60_000;

    private final S3Client client;
    private final String bucket;
    private final Path program;
    private final Path scratch;

    /**
     * @param program a redis-server
     * @param scratch folder for the server that writes the backups, deleted afterwards
     */
    SampleBackup(S3Client client, String bucket, Path program, Path scratch) {
        this.client = client;
        this.bucket = bucket;
        this.program = program;
        this.scratch = scratch;
    }

    void provide() throws IOException {
        try {
            provideBucket();
            provide(ALL_TYPES, SampleKeys::allTypes);
            provide(MANY_KEYS, SampleKeys::many);
        } catch (SdkException e) {
            throw new IOException("The sample backups could not be stored in the bucket " + bucket + ".", e);
        }
    }

    private void provideBucket() {
        try {
            client.headBucket(request -> request.bucket(bucket));
        } catch (NoSuchBucketException e) {
            client.createBucket(request -> request.bucket(bucket));
        }
    }

    private void provide(String key, Consumer<Jedis> fill) throws IOException {
        try {
            client.headObject(request -> request.bucket(bucket).key(key));
        } catch (NoSuchKeyException e) {
            Path backup = write(fill);
            client.putObject(request -> request.bucket(bucket).key(key), RequestBody.fromFile(backup));
            deleteScratch();
        }
    }

    private Path write(Consumer<Jedis> fill) throws IOException {
        deleteScratch();
        try (EmbeddedRedis redis = EmbeddedRedis.start(program, scratch);
                Jedis jedis = new Jedis(URI.create(redis.url()), PATIENCE_MILLIS)) {
            fill.accept(jedis);
            jedis.save();
        }
        return scratch.resolve("dump.rdb");
    }

    private void deleteScratch() throws IOException {
        if (!Files.exists(scratch)) {
            return;
        }
        try (Stream<Path> files = Files.walk(scratch)) {
            files.sorted(Comparator.reverseOrder()).forEach(SampleBackup::delete);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
