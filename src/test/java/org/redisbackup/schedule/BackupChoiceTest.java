package org.redisbackup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.NoBackupException;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.SourceException;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;

/** What is chosen from a real bucket. */
class BackupChoiceTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    private final String bucket = S3Server.freshBucket();
    private final S3BackupSource source = new S3BackupSource(S3Server.client());

    @Test
    void dateInTheNameCountsMoreThanTheTimeOfStorage() throws Exception {
        put("p/dump-2026-11-24.rdb", "p/dump-2026-11-23.rdb", "p/readme.txt");
        assertThat(keys(choice("dump-{yyyy-MM-dd}.rdb", Selection.NEWEST, 0))).containsExactly("p/dump-2026-11-24.rdb");
        assertThat(keys(choice("dump-{yyyy-MM-dd}.rdb", Selection.ALL_NEW, 0)))
                .containsExactly("p/dump-2026-11-23.rdb", "p/dump-2026-11-24.rdb");
    }

    @Test
    void withoutADateTheTimeOfStorageCounts() throws Exception {
        put("p/b.rdb");
        Instant stored = source.find(bucket, "p/b.rdb").lastModified();
        do {
            put("p/a.rdb");
        } while (!source.find(bucket, "p/a.rdb").lastModified().isAfter(stored)); // in seconds, by S3
        assertThat(keys(choice(null, Selection.NEWEST, 0))).containsExactly("p/a.rdb");
    }

    @Test
    void aDateThatIsYetToComeIsNone() throws Exception {
        put("p/2026-11-24.rdb", "p/2062-11-24.rdb");
        assertThat(keys(choice("{yyyy-MM-dd}.rdb", Selection.NEWEST, 0))).containsExactly("p/2026-11-24.rdb");
    }

    @Test
    void theNewestSetThatIsCompleteIsChosen() throws Exception {
        put("p/2026-11-22/0.rdb", "p/2026-11-22/1.rdb", "p/2026-11-23/0.rdb", "p/2026-11-23/1.rdb");
        put("p/2026-11-24/0.rdb");
        BackupChoice.Chosen chosen = choice("{yyyy-MM-dd}/{shard}.rdb", Selection.NEWEST_SHARD_SET, 2)
                .choose(source, NOW);
        assertThat(chosen.files())
                .extracting(BackupFile::key)
                .containsExactly("p/2026-11-23/0.rdb", "p/2026-11-23/1.rdb");
        assertThat(chosen.remarks())
                .containsExactly("Passed over: set 2026-11-24T00:00 has 1 of 2 shards in 1 file(s)");
        put("p/2026-11-24/1.rdb");
        assertThat(keys(choice("{yyyy-MM-dd}/{shard}.rdb", Selection.NEWEST_SHARD_SET, 2)))
                .containsExactly("p/2026-11-24/0.rdb", "p/2026-11-24/1.rdb");
        put("p/2026-11-24/2.rdb");
        assertThat(keys(choice("{yyyy-MM-dd}/{shard}.rdb", Selection.NEWEST_SHARD_SET, 2)))
                .as("one too many: of which cluster?")
                .containsExactly("p/2026-11-23/0.rdb", "p/2026-11-23/1.rdb");
    }

    @Test
    void twoFilesOfOneShardDoNotMakeASetOfTwo() {
        put("p/s1/a-0.rdb", "p/s1/b-0.rdb");
        assertThatThrownBy(() -> choice("{set}/?-{shard}.rdb", Selection.NEWEST_SHARD_SET, 2)
                        .choose(source, NOW))
                .isInstanceOf(NoBackupException.class)
                .hasMessage("No backup under s3://" + bucket
                        + "/p/ has its 2 files: set s1 has 1 of 2 shards in 2 file(s)");
    }

    @Test
    void anEmptyPlaceIsToldFromOneThatCannotBeRead() {
        put("p/readme.txt");
        for (String pattern : new String[] {null, "*.rdb"}) {
            assertThatThrownBy(() -> choice(pattern, Selection.NEWEST, 0).choose(source, NOW))
                    .isInstanceOf(NoBackupException.class)
                    .hasMessageStartingWith("There is no backup under s3://" + bucket + "/p/");
            assertThatThrownBy(
                            () -> new BackupChoice("no-" + bucket, "p/", null, Selection.NEWEST, 0).choose(source, NOW))
                    .isInstanceOf(SourceException.class)
                    .isNotInstanceOf(NoBackupException.class);
        }
    }

    private BackupChoice choice(String pattern, Selection selection, int shards) {
        return new BackupChoice(bucket, "p/", pattern == null ? null : KeyPattern.parse(pattern), selection, shards);
    }

    private List<String> keys(BackupChoice choice) throws SourceException {
        return choice.choose(source, NOW).files().stream().map(BackupFile::key).toList();
    }

    private void put(String... keys) {
        for (String key : keys) {
            S3Server.client().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromString(key));
        }
    }
}
