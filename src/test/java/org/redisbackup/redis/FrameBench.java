package org.redisbackup.redis;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.RdbFile;

/** Encoding the commands of one batch of 4096 small strings, by each of the ways to send them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBench {
    private static final int RECORDS = 4096;
    private static final int GROUP = 32;

    private final CommandWriter out = new CommandWriter(OutputStream.nullOutputStream());
    private final RestoreCommand restore = new RestoreCommand(out);
    private final SetCommand set = new SetCommand(out);
    private KeyBatch batch;

    @Setup
    public void cut() throws IOException {
        RdbFile file = new RdbFile("REDIS0010").strings("user:name:", RECORDS);
        try (BatchReader reader = new BatchReader(file.open(), RdbLimits.forThisHeap(), RECORDS, 1 << 20, 0)) {
            batch = reader.next();
        }
    }

    @Benchmark
    public void restore() throws IOException {
        for (int i = 0; i < RECORDS; i++) {
            restore.write(batch, i, false);
        }
    }

    @Benchmark
    public void set() throws IOException {
        for (int i = 0; i < RECORDS; i++) {
            set.write(batch, i, false);
        }
    }

    @Benchmark
    public void setMany() throws IOException {
        for (int i = 0; i < RECORDS; i += GROUP) {
            set.writeMany(batch, i, GROUP);
        }
    }
}
