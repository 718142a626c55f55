package org.redisbackup.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import org.redisbackup.analysis.BackupAnalysis;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.Crc64;
import org.redisbackup.rdb.Dialect;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.UnknownVersion;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.rdb.decode.TargetFeatures;
import org.redisbackup.rdb.decode.ValueCommands;
import org.redisbackup.rdb.decode.ValueDecoder;
import org.redisbackup.rdb.decode.ValueValidator;
import org.redisbackup.support.Streams;

/** Any bytes as an RDB file. */
class RdbFuzz {
    private static final RdbLimits LIMITS =
            new RdbLimits(1 << 11, 1 << 10, 1 << 10, UnknownVersion.CONTINUE, ValidationPolicy.SKIP);
    private static final int MAX_ELEMENT = 1 << 22;
    private static final TargetFeatures ALL = TargetFeatures.of(Dialect.REDIS, 1000);

    /** What is found does not depend on the portions, and every value that is said to be sound can be rebuilt. */
    @FuzzTest(maxDuration = "10s")
    void reads(byte[] file) throws IOException {
        assertThat(outcome(file, Streams.BYTE_BY_BYTE)).isEqualTo(outcome(file, Streams.WHOLE));
        analyse(file);
    }

    private static String outcome(byte[] file, Streams portions) throws IOException {
        StringBuilder found = new StringBuilder();
        try (BatchReader reader = reader(file, portions, LIMITS)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    found.append(batch.db(i)).append(' ').append(batch.type(i)).append(' ');
                    found.append(batch.offset(i)).append(' ').append(batch.valueLength(i));
                    found.append(' ').append(value(batch, i)).append('\n');
                }
                batch.release();
            }
        } catch (UncheckedIOException e) {
            found.append(Refusal.words(e.getCause()));
        }
        return found.toString();
    }

    private static String value(KeyBatch batch, int i) throws IOException {
        if (batch.isStreamed(i)) {
            return streamed(batch);
        }
        if (batch.isOversized(i) || batch.invalidity(i) != null) {
            return batch.isOversized(i) ? "oversized" : batch.invalidity(i);
        }
        int length = (int) batch.valueLength(i);
        long type = Crc64.update(0, batch.type(i).id());
        assertThat(batch.payloadCrc(i)).isEqualTo(Crc64.update(type, batch.arena(), batch.valueOffset(i), length));
        if (ValueDecoder.isDecodable(batch.type(i))) {
            new ValueCommands(ALL, MAX_ELEMENT).rebuild(batch, i, batch.key(i), 0, (resp, from, bytes) -> {});
        }
        return Long.toHexString(batch.payloadCrc(i));
    }

    /** The reader tells too what is wrong. */
    private static String streamed(KeyBatch batch) throws IOException {
        CRC32 crc = new CRC32();
        byte[] piece = new byte[100];
        try {
            for (int read = 0; read >= 0; read = batch.streamedValue().read(piece)) {
                crc.update(piece, 0, read);
            }
            return Long.toHexString(crc.getValue());
        } catch (RdbFormatException e) {
            return e.getMessage();
        }
    }

    private static void analyse(byte[] file) throws IOException {
        BackupAnalysis analysis = new BackupAnalysis(0, 10);
        try (BatchReader reader = reader(file, Streams.WHOLE, LIMITS.withValidation(ValidationPolicy.FAIL))) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                analysis.add(batch);
                batch.release();
            }
        } catch (UncheckedIOException e) {
            Refusal.words(e.getCause());
        }
        assertThat(analysis.report()).isNotNull();
    }

    private static BatchReader reader(byte[] file, Streams portions, RdbLimits limits) {
        return new BatchReader(portions.of(file), limits, 10, 1000, 1, new ValueValidator());
    }
}
