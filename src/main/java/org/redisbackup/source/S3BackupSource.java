package org.redisbackup.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Backups in S3-compatible buckets. Safe for use by many threads; the client belongs to the caller. */
public final class S3BackupSource {
    /** Endings of names, whatever their case. Other compressed files, such as logs, often lie beside backups. */
    private static final List<String> SUPPORTED = List.of(
            ".rdb", ".aof", ".rdb.gz", ".aof.gz", ".tar", ".tar.gz", ".tgz", ".zip", ".zst", ".lz4", ".bz2", ".xz");

    private static final String MANIFEST = ".manifest";

    private final S3Client client;
    private final Backoff backoff;
    private final PartBuffers buffers;

    public S3BackupSource(S3Client client) {
        this(client, Backoff.STANDARD);
    }

    /** @param backoff for reads that break */
    public S3BackupSource(S3Client client, Backoff backoff) {
        this(client, backoff, ReadAhead.forThisHeap());
    }

    S3BackupSource(S3Client client, Backoff backoff, ReadAhead ahead) {
        this.client = client;
        this.backoff = backoff;
        buffers = new PartBuffers(ahead);
    }

    /**
     * The present version of one backup, whatever its name ends in: its content decides when it is read.
     *
     * @throws SourceException when it is not there or may not be read
     */
    public BackupFile find(String bucket, String key) throws SourceException {
        try {
            HeadObjectResponse head =
                    client.headObject(request -> request.bucket(bucket).key(key));
            return new BackupFile(bucket, key, head.eTag(), head.contentLength(), head.lastModified());
        } catch (SdkException e) {
            throw S3Failure.of(e instanceof S3Exception ? withReason(e, bucket, key) : e, uri(bucket, key), bucket);
        }
    }

    /** The answer to a failed HEAD has no body, which would tell a wrong key from a wrong bucket or secret; GET's has. */
    private SdkException withReason(SdkException failure, String bucket, String key) {
        try {
            client.getObject(request -> request.bucket(bucket).key(key)).abort();
            return failure;
        } catch (SdkException e) {
            return e;
        }
    }

    /**
     * The backups whose keys start with a prefix: those whose name {@link #isSupported promises one}, sorted
     * by key, and manifests, which say that files beside them are parts of one. Keys are listed page by page.
     *
     * @throws SourceException when there is none, or the bucket may not be listed
     */
    public List<BackupFile> list(String bucket, String prefix) throws SourceException {
        List<BackupFile> files =
                objects(bucket, prefix, Long.MAX_VALUE, key -> isSupported(key) || key.endsWith(MANIFEST));
        if (files.stream().allMatch(file -> file.key().endsWith(MANIFEST))) {
            throw new NoBackupException("There is no backup under " + uri(bucket, prefix) + ": no key ends in "
                    + String.join(", ", SUPPORTED) + ".");
        }
        return files;
    }

    /**
     * The objects whose keys start with a prefix, sorted by key. Keys are listed page by page.
     *
     * @param most keys to look at, from the first on
     * @param wanted which keys are kept
     * @throws SourceException when the bucket may not be listed
     */
    public List<BackupFile> objects(String bucket, String prefix, long most, Predicate<String> wanted)
            throws SourceException {
        try {
            return client
                    .listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix))
                    .contents()
                    .stream()
                    .limit(most)
                    .filter(object -> wanted.test(object.key()))
                    .map(object -> backupFile(bucket, object))
                    .sorted(Comparator.comparing(BackupFile::key))
                    .toList();
        } catch (SdkException e) {
            throw S3Failure.of(e, uri(bucket, prefix), bucket);
        }
    }

    /** Whether the name of an object promises a backup that can be imported; what is in it, its content tells. */
    public static boolean isSupported(String key) {
        String name = key.toLowerCase(Locale.ROOT);
        return SUPPORTED.stream().anyMatch(name::endsWith);
    }

    private static BackupFile backupFile(String bucket, S3Object object) {
        return new BackupFile(bucket, object.key(), object.eTag(), object.size(), object.lastModified());
    }

    private static String uri(String bucket, String key) {
        return "s3://" + bucket + "/" + key;
    }

    /**
     * Reads exactly this version of a backup, going on over broken connections, and ahead of the caller: up to a 16th of
     * the heap, and at most 16 MB, is held in memory until the stream is closed.
     *
     * @param offset of the first byte to read, 0 to the size of the file
     * @param events told each time a connection breaks and another is going to be tried, and when bytes come again
     * @return to be closed, which in mid-stream ends the HTTP requests at once
     * @throws SourceException when it is gone, has changed or may not be read; reading throws it too, also when too many
     *     attempts in a row brought no byte
     */
    public InputStream open(BackupFile file, long offset, ReadEvents events) throws IOException {
        return openReadAhead(file, offset, events);
    }

    ReadAheadInputStream openReadAhead(BackupFile file, long offset, ReadEvents events) throws IOException {
        ReadEvents oneByOne = new OneByOne(events);
        ReadAheadInputStream.Ranges ranges =
                (from, to) -> new ReopeningInputStream(client, file, from, to, backoff, oneByOne);
        ReopeningInputStream all = ranges.open(offset, file.size());
        all.connect();
        return new ReadAheadInputStream(file, all, ranges, buffers);
    }

    /** Lets one thread at a time tell. */
    private record OneByOne(ReadEvents events) implements ReadEvents {
        @Override
        public void broke(String what) {
            synchronized (events) {
                events.broke(what);
            }
        }

        @Override
        public void goesOn() {
            synchronized (events) {
                events.goesOn();
            }
        }
    }
}
