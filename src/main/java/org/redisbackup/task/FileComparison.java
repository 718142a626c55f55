package org.redisbackup.task;

import java.io.IOException;
import java.util.Arrays;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.redis.Comparison;
import org.redisbackup.redis.ComparisonResult;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.RestoreResult;

/** Compares a file that was imported with what the target holds now. */
public final class FileComparison {
    private static final int TIMEOUT_MILLIS = 30_000;

    /** One key in so many is in a sample, or more of them to get this many keys. */
    private static final long SAMPLED = 100;

    private static final long SAMPLE = 1000;

    private final TaskLogs logs;

    public FileComparison(TaskLogs logs) {
        this.logs = logs;
    }

    /** Whether the file was imported to its end, and is to be compared. */
    public boolean isDue(ImportRun run, FileProgress progress) {
        return run.task().options().verify() != Verification.NONE && progress.failure() == null;
    }

    /**
     * Reads the file once more, and asks the target about its keys.
     *
     * @throws DeliveryException when the target does not answer
     * @throws java.io.UncheckedIOException when the file can't be read, or is closed meanwhile
     */
    public void compare(ImportRun run, FileProgress progress, BackupReader<BackupBatch> reader) throws IOException {
        progress.looking(reader, () -> progress.file().size()); // it was imported to its end
        try (reader;
                Comparison comparison = comparison(run)) {
            String hindrance = hindrance(progress);
            Choice choice = new Choice(run, progress);
            while (hindrance == null && reader.hasNext()) {
                hindrance = compareBatch(reader.next(), choice, comparison);
            }
            ended(run, progress, hindrance, comparison.result());
        } catch (DeliveryException e) {
            throw new DeliveryException(
                    "the keys were imported, but could not be compared with the backup: " + e.getMessage(),
                    RestoreResult.NONE,
                    e);
        }
    }

    private static Comparison comparison(ImportRun run) {
        ImportOptions options = run.task().options();
        boolean whole = options.verify() != Verification.COUNT && options.conflictPolicy() != ConflictPolicy.SKIP;
        return new Comparison(
                run.target(),
                TIMEOUT_MILLIS,
                whole ? Comparison.Depth.VALUE : Comparison.Depth.EXISTENCE,
                run.task().created().toEpochMilli(),
                run.rules().ttl().followsImport());
    }

    private static String hindrance(FileProgress progress) {
        RestoreResult result = progress.snapshot().result();
        if (result.commands() + result.failedCommands() > 0) {
            return "it holds commands, and what they made of the keys can't be told from the file";
        }
        return progress.failedKeys().isIncomplete()
                ? "so many of its keys could not be imported that not all of them are known"
                : null;
    }

    private static String compareBatch(BackupBatch batch, Choice choice, Comparison comparison) throws IOException {
        try {
            if (batch instanceof KeyBatch keys) {
                choice.apply(keys);
                comparison.add(keys);
            }
            return batch instanceof CommandBatch ? "it holds commands" : null;
        } finally {
            batch.release();
        }
    }

    private void ended(ImportRun run, FileProgress progress, String hindrance, ComparisonResult result) {
        String id = run.task().id();
        String uri = progress.file().uri();
        if (hindrance != null) {
            logs.write(id, TaskEvent.NOT_COMPARED, "%s: not compared with the target: %s", uri, hindrance);
            return;
        }
        progress.compared(result);
        logs.write(
                id,
                result.different() == 0 ? TaskEvent.FILE_COMPARED : TaskEvent.FILE_DIFFERS,
                "%s: %s keys compared with the target, %s of them by type and length only: %s differ",
                uri,
                result.keys(),
                result.byLength(),
                result.different());
        result.differences()
                .forEach(difference -> logs.write(id, TaskEvent.KEY_DIFFERS, "%s", Sentences.of(uri, difference)));
    }

    /** Which keys are compared, and under what names. */
    private static final class Choice {
        private final ImportRun run;
        private final FileProgress progress;
        private final KeyPlaces failed;
        private final long began;
        private final long ended = System.currentTimeMillis();
        private final long oneIn;

        Choice(ImportRun run, FileProgress progress) {
            this.run = run;
            this.progress = progress;
            failed = progress.failedKeys();
            began = run.task().created().toEpochMilli();
            RestoreResult result = progress.snapshot().result();
            long written = result.imported() + result.replaced() + result.skipped() + result.unchanged();
            long sampled = result.keys() == 0 ? SAMPLED : Math.max(1, Math.min(SAMPLED, written / SAMPLE));
            oneIn = run.task().options().verify() == Verification.SAMPLE ? sampled : 1;
        }

        void apply(KeyBatch batch) throws IOException {
            progress.select(batch);
            for (int i = 0; i < batch.size(); i++) {
                long expireAt = batch.expireAt(i);
                boolean mayHaveExpiredBefore = expireAt > began && expireAt <= ended;
                if (mayHaveExpiredBefore
                        || failed.contains(batch.dump(), batch.offset(i))
                        || !isSampled(batch.key(i))) {
                    batch.exclude(i);
                }
            }
            run.rules().apply(batch, began);
        }

        private boolean isSampled(byte[] key) {
            // the multiplier spreads hashes of similar keys (Fibonacci hashing)
            return oneIn == 1 || ((Arrays.hashCode(key) * 0x9E3779B97F4A7C15L) >>> 33) % oneIn == 0;
        }
    }
}
