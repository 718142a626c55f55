package org.redisbackup.app.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.support.S3Server;

class SampleBackupTest {
    @TempDir
    Path scratch;

    @Test
    void uploadsTheBackupsOnce() throws Exception {
        String bucket = S3Server.freshBucket();
        Path program = EmbeddedRedis.program(Path.of("target/embedded"));
        SampleBackup samples = new SampleBackup(S3Server.client(), bucket, program, scratch);
        samples.provide();
        S3BackupSource source = new S3BackupSource(S3Server.client());
        List<BackupFile> files = source.list(bucket, SampleBackup.PREFIX);
        assertThat(files).extracting(BackupFile::key).containsExactly("demo/all-types.rdb", "demo/many-keys.rdb");
        assertThat(files.get(1).size()).isBetween(30_000_000L, 60_000_000L);
        for (BackupFile file : files) {
            try (var in = source.open(file, 0, retry -> {})) {
                assertThat(in.readNBytes(9)).asString().isEqualTo("REDIS0010");
            }
        }
        assertThat(scratch).doesNotExist();

        samples.provide();
        assertThat(source.list(bucket, SampleBackup.PREFIX)).isEqualTo(files);
    }
}
