package org.redisbackup.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.ValueCheck;
import org.redisbackup.support.Streams;

/** Reads backups to their end and tells how that went: a program, so that it can be run with a small heap. */
final class BackupReading {
    private static final RdbLimits LIMITS = new RdbLimits(1 << 20, 1 << 16, 1 << 16);

    private BackupReading() {}

    /** Prints a line for each file: its name, how many keys and commands were read, and the problem or that it has none. */
    public static void main(String[] files) throws IOException {
        for (String file : files) {
            byte[] bytes = Files.readAllBytes(Path.of(file));
            for (Streams portions : Streams.values()) {
                System.out.println(Path.of(file).getFileName() + "\t" + outcome(portions, bytes));
            }
        }
    }

    static String outcome(Streams portions, byte[] bytes) throws IOException {
        long keys = 0;
        BackupContent content =
                new BackupContent(portions.of(bytes), () -> portions.of(bytes), ContentLimits.STANDARD, warning -> {});
        try (DumpReader reader = new DumpReader(content, LIMITS, 10, 1000, 1, ValueCheck.NONE)) {
            while (reader.hasNext()) {
                BackupBatch batch = reader.next();
                keys += batch instanceof KeyBatch read ? keysOf(read) : ((CommandBatch) batch).size();
                batch.release();
            }
            return keys + "\tread to its end";
        } catch (UncheckedIOException e) {
            return keys + "\t" + e.getCause().getMessage();
        }
    }

    private static int keysOf(KeyBatch batch) {
        if (batch.streamedValue() != null) {
            goOver(batch.streamedValue());
        }
        return batch.size();
    }

    /** The reader tells the failure too. */
    private static void goOver(InputStream value) {
        byte[] buffer = new byte[1 << 13];
        try {
            while (value.read(buffer) >= 0) {
                // nothing is kept
            }
        } catch (IOException e) {
            // told by the reader
        }
    }

    /** The files of a folder of the corpus that are archives or compressed, or made to look like it. */
    static List<Path> packed(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().matches(".*\\.(gz|zip)"))
                    .sorted()
                    .toList();
        }
    }
}
