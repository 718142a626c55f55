package org.redisbackup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
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

    private static final Pattern BROKEN = Pattern.compile("data is (cut off|damaged)");
    private static final String WHOLLY = "read to its end";

    /**
     * What is found does not depend on the portions. Only where the compressed data is broken, they decide how much a library
     * gives before it says so, and so whether the dump is found to be broken first; either way it is refused.
     */
    @FuzzTest(maxDuration = "10s")
    void unpacks(byte[] backup) throws IOException {
        String whole = outcome(backup, Streams.WHOLE);
        String byteByByte = outcome(backup, Streams.BYTE_BY_BYTE);
        if (BROKEN.matcher(whole + byteByByte).find()) {
            assertThat(List.of(whole, byteByByte)).noneMatch(outcome -> outcome.endsWith(WHOLLY));
        } else {
            assertThat(byteByByte).isEqualTo(whole);
        }
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
            found.append(WHOLLY);
        } catch (UncheckedIOException e) {
            found.append(Refusal.words(e.getCause()));
        }
        return keys + " keys or commands\n" + found;
    }
}
