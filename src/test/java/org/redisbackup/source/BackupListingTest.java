package org.redisbackup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;

/** Append-only files that lie in a bucket as servers keep them. */
class BackupListingTest {
    private static final String MANIFEST = "a/appendonly.aof.manifest";
    private static final String BASE = "a/appendonly.aof.2.base.rdb";
    private static final String FIRST = "a/appendonly.aof.9.incr.aof";
    private static final String SECOND = "a/appendonly.aof.10.incr.aof";

    private final String bucket = S3Server.freshBucket();
    private final BackupListing listing = new BackupListing(new S3BackupSource(S3Server.client()));
    private final List<String> warnings = new ArrayList<>();

    private void put(String key, String content) {
        S3Server.client().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(content));
    }

    private void putParts() {
        put(
                MANIFEST,
                """
                file appendonly.aof.2.base.rdb seq 2 type b
                file appendonly.aof.1.base.rdb seq 1 type h
                file appendonly.aof.9.incr.aof seq 9 type i
                file appendonly.aof.10.incr.aof seq 10 type i
                """);
        put(BASE, "base");
        put(FIRST, "one");
        put(SECOND, "two, three");
    }

    private List<BackupFile> list(String prefix) throws SourceException {
        return listing.list(bucket, prefix, warnings::add);
    }

    @Test
    void aManifestAndItsPartsAreOneBackup() throws Exception {
        putParts();
        put("a/appendonly.aof.1.base.rdb", "history");
        put("b/dump.rdb", "another");
        put("c/single.aof", "another");
        List<BackupFile> backups = list("");
        assertThat(backups).extracting(BackupFile::key).containsExactly(MANIFEST, "b/dump.rdb", "c/single.aof");
        assertThat(backups.get(0).parts()).extracting(BackupFile::key).containsExactly(BASE, FIRST, SECOND);
        assertThat(backups.get(0).size()).isEqualTo(17);
        assertThat(backups.get(1).parts()).isEmpty();
        assertThat(warnings)
                .containsExactly("a/appendonly.aof.1.base.rdb is no part that its manifest names and was skipped");
        assertThat(listing.find(bucket, MANIFEST)).isEqualTo(backups.get(0));
    }

    @Test
    void aPartThatGrowsMakesAnotherVersion() throws Exception {
        putParts();
        String before = list("a/").get(0).etag();
        put(SECOND, "two, three, four");
        assertThat(list("a/").get(0).etag()).isNotEqualTo(before);
    }

    @Test
    void missingPartsAreTold() {
        putParts();
        S3Server.client().deleteObject(request -> request.bucket(bucket).key(FIRST));
        assertThatThrownBy(() -> list("a/"))
                .isInstanceOf(SourceException.class)
                .hasMessage("s3://" + bucket + "/" + MANIFEST + " can't be imported: it names " + FIRST
                        + ", which is not beside it.");
    }

    @Test
    void partsWithoutTheirManifestAreTold() {
        put(FIRST, "one");
        assertThatThrownBy(() -> list("a/"))
                .isInstanceOf(SourceException.class)
                .hasMessage("s3://" + bucket + "/" + FIRST
                        + " can't be imported: it is a part of an append-only file, whose manifest is not beside it.");
    }

    @Test
    void aManifestWithoutPartsIsTold() {
        put(MANIFEST, "file x seq 1 type b");
        put("a/dump.rdb", "another");
        assertThatThrownBy(() -> listing.find(bucket, MANIFEST))
                .isInstanceOf(SourceException.class)
                .hasMessage("None of the files that s3://" + bucket + "/" + MANIFEST
                        + " names lies beside it: put the parts of the append-only file there.");
    }
}
