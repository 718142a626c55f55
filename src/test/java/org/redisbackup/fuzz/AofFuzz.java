package org.redisbackup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.redisbackup.aof.AofPart;
import org.redisbackup.aof.AofReader;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.support.Streams;

/** Any bytes as an append-only file. */
class AofFuzz {
    private static final RdbLimits LIMITS = new RdbLimits(1 << 11, 1 << 10, 1 << 10);

    /** What is found does not depend on the portions, be it the only part, one of two, or a file of any format. */
    @FuzzTest(maxDuration = "10s")
    void reads(byte[] file) throws IOException {
        assertThat(alone(file, Streams.BYTE_BY_BYTE)).isEqualTo(alone(file, Streams.WHOLE));
        assertThat(twice(file, Streams.BYTE_BY_BYTE)).isEqualTo(twice(file, Streams.WHOLE));
        assertThat(ofAnyFormat(file, Streams.BYTE_BY_BYTE)).isEqualTo(ofAnyFormat(file, Streams.WHOLE));
    }

    private static String alone(byte[] file, Streams portions) throws IOException {
        return outcome(new AofReader(List.of(part(file, portions)), LIMITS, 10, 1000, 1, new ValueValidator()));
    }

    private static String twice(byte[] file, Streams portions) throws IOException {
        List<AofPart> parts = List.of(part(file, portions), part(file, portions));
        return outcome(new AofReader(parts, LIMITS, 10, 1000, 1, new ValueValidator()));
    }

    private static String ofAnyFormat(byte[] file, Streams portions) throws IOException {
        return outcome(AofReader.ofAnyFormat(portions.of(file), LIMITS, 10, 1000, 1, new ValueValidator()));
    }

    private static AofPart part(byte[] file, Streams portions) {
        return new AofPart("part", () -> portions.of(file));
    }

    private static String outcome(AofReader batches) throws IOException {
        long keys = 0;
        long commands = 0;
        try (AofReader reader = batches) {
            while (reader.hasNext()) {
                BackupBatch batch = reader.next();
                if (batch instanceof KeyBatch some) {
                    keys += some.size();
                    giveUp(some);
                } else {
                    commands += ((CommandBatch) batch).size();
                }
                batch.release();
            }
            return keys + " keys, " + commands + " commands, " + reader.warning();
        } catch (UncheckedIOException e) {
            String words = Refusal.words(e.getCause());
            return keys + " keys, " + commands + " commands, then " + words;
        }
    }

    private static void giveUp(KeyBatch batch) throws IOException {
        if (batch.streamedValue() != null) {
            batch.streamedValue().close();
        }
    }
}
