package org.redisbackup.rdb;

import com.moilioncircle.redis.replicator.Configuration;
import com.moilioncircle.redis.replicator.FileType;
import com.moilioncircle.redis.replicator.RedisReplicator;
import com.moilioncircle.redis.replicator.Replicator;
import com.moilioncircle.redis.replicator.rdb.dump.DumpRdbVisitor;
import com.moilioncircle.redis.replicator.util.CRC64;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.redisbackup.support.RdbFile;

/** Cutting a file into records and checksumming it, beside redis-replicator on the same bytes; run by JMH's own main. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MicroBench {
    private static final int RECORDS = 20_000;
    private static final int BATCH_KEYS = 4096;
    private static final int BATCH_BYTES = 256 * 1024;

    /** What the values of the file are. */
    public enum Values {
        SMALL_STRING,
        LONG_STRING,
        PACKED_HASH,
        PLAIN_HASH
    }

    @Param
    public Values values;

    private byte[] file;

    @Setup
    public void make() {
        Random random = new Random(1);
        RdbFile records = new RdbFile("REDIS0010");
        int count = values == Values.LONG_STRING ? RECORDS / 10 : RECORDS;
        for (int i = 0; i < count; i++) {
            String key = "key:" + i;
            switch (values) {
                case SMALL_STRING -> records.string(key, noise(random, 40));
                case LONG_STRING -> records.string(key, noise(random, 10_000));
                case PACKED_HASH -> records.record(16, key).text(noise(random, 300));
                case PLAIN_HASH -> {
                    records.record(4, key).raw((byte) 10);
                    for (int field = 0; field < 20; field++) {
                        records.text(noise(random, 20));
                    }
                }
            }
        }
        file = records.bytes();
    }

    private static byte[] noise(Random random, int size) {
        return random.ints(size, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Both checksums, of the file and of each payload. */
    @Benchmark
    public long slice() throws IOException {
        long bytes = 0;
        try (BatchReader reader =
                new BatchReader(new ByteArrayInputStream(file), RdbLimits.forThisHeap(), BATCH_KEYS, BATCH_BYTES, 1)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                bytes += batch.arenaSize();
                batch.release();
            }
        }
        return bytes;
    }

    @Benchmark
    public long sliceByReplicator() throws IOException {
        long[] records = new long[1];
        try (Replicator replicator =
                new RedisReplicator(new ByteArrayInputStream(file), FileType.RDB, Configuration.defaultSetting())) {
            replicator.setRdbVisitor(new DumpRdbVisitor(replicator));
            replicator.addEventListener((source, event) -> records[0]++);
            replicator.open();
        }
        return records[0];
    }

    @Benchmark
    public long checksum() {
        return Crc64.update(0, file, 0, file.length);
    }

    @Benchmark
    public long checksumByReplicator() {
        return CRC64.crc64(file);
    }

    /** The ends of the payloads of so many records. */
    @Benchmark
    public int footers() {
        byte[] footer = new byte[RestorePayload.FOOTER];
        int sum = 0;
        for (int i = 0; i < RECORDS; i++) {
            RestorePayload.writeFooter(footer, 0, 10, i);
            sum += footer[9];
        }
        return sum;
    }
}
