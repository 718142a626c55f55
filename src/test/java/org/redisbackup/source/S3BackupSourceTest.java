package org.redisbackup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;

class S3BackupSourceTest {
    private final String bucket = S3Server.freshBucket();
    private final S3BackupSource source = new S3BackupSource(S3Server.client());

    @Test
    void findsOneBackup() throws Exception {
        put("2026/dump.bak", "REDIS0011");
        BackupFile file = source.find(bucket, "2026/dump.bak");
        assertThat(file.uri()).isEqualTo("s3://" + bucket + "/2026/dump.bak");
        assertThat(file.size()).isEqualTo(9);
        assertThat(file.etag()).isNotEmpty();
        assertThat(file.lastModified()).isNotNull();
    }

    @Test
    void listsTheSupportedFilesOfAllPagesInOrder() throws Exception {
        int many = 35;
        for (int i = many - 1; i >= 0; i--) {
            put("daily/%02d.%s".formatted(i, i == 7 ? "RDB" : "rdb"), "");
        }
        put("daily/readme.txt", "no backup");
        put("daily/folder.rdb/", "");
        put("daily2/other.rdb", "not under the prefix");
        try (S3Client smallPages = pagesOf(10)) {
            List<BackupFile> files = new S3BackupSource(smallPages).list(bucket, "daily/");
            assertThat(files).hasSize(many);
            assertThat(files).extracting(BackupFile::key).isSorted().contains("daily/07.RDB", "daily/34.rdb");
        }
    }

    @Test
    void listsWhatItFinds() throws Exception {
        put("a.rdb", "REDIS0011");
        assertThat(source.list(bucket, "a")).containsExactly(source.find(bucket, "a.rdb"));
    }

    @Test
    void listsManifestsBesideTheBackups() throws Exception {
        put("parts/appendonly.aof.1.incr.AOF", "");
        put("parts/appendonly.aof.manifest", "");
        put("other/app.manifest", "");
        assertThat(source.list(bucket, "parts/")).hasSize(2);
        assertThatThrownBy(() -> source.list(bucket, "other/"))
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("There is no backup under s3://" + bucket + "/other/");
    }

    @Test
    void readsFromAnOffset() throws Exception {
        put("a.rdb", "REDIS0011");
        BackupFile file = source.find(bucket, "a.rdb");
        try (InputStream whole = source.open(file, 0, retry -> {});
                InputStream rest = source.open(file, 5, retry -> {});
                InputStream nothing = source.open(file, 9, retry -> {})) {
            assertThat(whole).hasContent("REDIS0011");
            assertThat(rest).hasContent("0011");
            assertThat(nothing).isEmpty();
        }
    }

    @Test
    void readsAnEmptyFile() throws Exception {
        put("a.rdb", "");
        try (InputStream in = source.open(source.find(bucket, "a.rdb"), 0, retry -> {})) {
            assertThat(in).isEmpty();
        }
    }

    @Test
    void saysWhatIsMissing() {
        put("daily/readme.txt", "no backup");
        assertThatThrownBy(() -> source.find("no-such-bucket", "a.rdb"))
                .isInstanceOf(SourceException.class)
                .hasMessage("Cannot read s3://no-such-bucket/a.rdb: there is no bucket no-such-bucket;"
                        + " check its name and the S3 endpoint.");
        assertThatThrownBy(() -> source.list("no-such-bucket", "daily/"))
                .isInstanceOf(SourceException.class)
                .hasMessageStartingWith("Cannot read s3://no-such-bucket/daily/: there is no bucket no-such-bucket");
        assertThatThrownBy(() -> source.find(bucket, "A.rdb"))
                .isInstanceOf(SourceException.class)
                .hasMessage("Cannot read s3://" + bucket + "/A.rdb: there is no such object in the bucket;"
                        + " check its name, which is case-sensitive.");
        assertThatThrownBy(() -> source.list(bucket, "daily/"))
                .isInstanceOf(SourceException.class)
                .hasMessage("There is no backup under s3://" + bucket
                        + "/daily/: no key ends in .rdb, .aof, .rdb.gz, .aof.gz,"
                        + " .tar, .tar.gz, .tgz, .zip, .zst, .lz4, .bz2, .xz.");
    }

    @Test
    void saysThatTheCredentialsAreWrong() {
        URI endpoint = S3Server.server().endpoint();
        try (S3Client wrongSecret = S3Server.client(endpoint, S3Server.ACCESS_KEY, "guessed");
                S3Client stranger = S3Server.client(endpoint, "stranger", "guessed")) {
            assertThatThrownBy(() -> new S3BackupSource(wrongSecret).find(bucket, "a.rdb"))
                    .hasMessage("Cannot read s3://" + bucket + "/a.rdb: the S3 server does not accept the credentials"
                            + " (SignatureDoesNotMatch); check the configured access key and secret key.");
            assertThatThrownBy(() -> new S3BackupSource(stranger).list(bucket, ""))
                    .hasMessageContaining("does not accept the credentials (InvalidAccessKeyId)")
                    .hasMessageNotContaining("guessed");
        }
    }

    @Test
    void saysThatTheEndpointIsUnreachable() {
        try (S3Client lost = S3Server.client(URI.create("http://127.0.0.1:1"), "key", "secret")) {
            assertThatThrownBy(() -> new S3BackupSource(lost).find(bucket, "a.rdb"))
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("s3://" + bucket + "/a.rdb: the connection to the S3 endpoint failed")
                    .hasMessageContaining("Connection refused");
        }
    }

    /** S3 has up to 1000 keys on a page; fewer are enough to see that all pages are asked for. */
    private static S3Client pagesOf(int keys) {
        ExecutionInterceptor small = new ExecutionInterceptor() {
            @Override
            public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
                return context.request() instanceof ListObjectsV2Request list
                        ? list.toBuilder().maxKeys(keys).build()
                        : context.request();
            }
        };
        return S3Server.client(
                S3Server.server().endpoint(),
                S3Server.ACCESS_KEY,
                S3Server.SECRET_KEY,
                ClientOverrideConfiguration.builder()
                        .addExecutionInterceptor(small)
                        .build());
    }

    private void put(String key, String content) {
        S3Server.client().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(content));
    }

    @Test
    void namesThatPromiseABackup() {
        assertThat(Stream.of(
                        "a.rdb",
                        "A.RDB",
                        "d/a.rdb.gz",
                        "a.aof",
                        "a.aof.gz",
                        "a.tar",
                        "a.tar.gz",
                        "a.tgz",
                        "a.zip",
                        "a.rdb.zst",
                        "a.lz4",
                        "a.tar.bz2",
                        "a.xz"))
                .allMatch(S3BackupSource::isSupported);
        assertThat(Stream.of("a.txt", "server.log.gz", "rdb", "a.rdb/", "a.rdb.tmp"))
                .noneMatch(S3BackupSource::isSupported);
    }
}
