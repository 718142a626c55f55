package org.redisbackup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.archive.BackupContent;
import org.redisbackup.archive.ContentLimits;
import org.redisbackup.archive.DumpReader;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.support.Streams;

/** Any bytes as a backup that may be compressed or an archive. */
class ArchiveFuzz {
    private static final RdbLimits LIMITS = new RdbLimits(1 << 11, 1 << 10, 1 << 10);
    private static final ContentLimits SMALL = new ContentLimits(1 << 20, 500, 20);

    /** Whether a library sees damage or the end of the bytes first depends on how many it got at once. */
    private static final Pattern BROKEN = Pattern.compile("data is (cut off|damaged).*");

    /** What is found does not depend on the portions. */
    @FuzzTest(maxDuration = "20s")
    void unpacks(byte[] backup) throws IOException {
        assertThat(outcome(backup, Streams.BYTE_BY_BYTE)).isEqualTo(outcome(backup, Streams.WHOLE));
    }

    private static String outcome(byte[] backup, Streams portions) throws IOException {
        StringBuilder found = new StringBuilder();
        BackupContent content = new BackupContent(
                portions.of(backup), () -> portions.of(backup), SMALL, warning -> found.append(warning)
                        .append('\n'));
        long keys = 0;
        try (DumpReader reader = new DumpReader(content, LIMITS, 10, 1000, 1, new ValueValidator())) {
            while (reader.hasNext()) {
                BackupBatch batch = reader.next();
                keys += batch instanceof KeyBatch some ? some.size() : ((CommandBatch) batch).size();
                if (batch instanceof KeyBatch some && some.streamedValue() != null) {
                    some.streamedValue().close();
                }
                batch.release();
            }
            found.append("read to its end");
        } catch (UncheckedIOException e) {
            found.append(Refusal.words(e.getCause()));
        }
        return keys + " keys or commands\n" + BROKEN.matcher(found).replaceAll("data is broken");
    }
}
