package org.redisbackup.task;

import java.io.IOException;
import java.util.function.Consumer;
import org.redisbackup.analysis.BackupAnalysis;
import org.redisbackup.analysis.NameCollisions;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.redis.rules.KeyRules;

/** Reads files without importing them: what a dry run does, and an import that is to verify its files first. */
public final class FileAnalysis {
    private static final int LARGEST_KEYS = 20;

    private final TaskStore store;
    private final TaskLogs logs;

    public FileAnalysis(TaskStore store, TaskLogs logs) {
        this.store = store;
        this.logs = logs;
    }

    /** Whether the file is to be verified before its first key is written. */
    public boolean isDue(ImportRun run, FileProgress progress) {
        return run.task().options().verifyFirst() && progress.isFresh();
    }

    /**
     * Reads a whole file, which checks its checksums and every value.
     *
     * @throws java.io.UncheckedIOException when it is broken, or closed meanwhile
     */
    public void verify(ImportRun run, FileProgress progress, BackupReader<BackupBatch> reader) throws IOException {
        progress.looking(reader, reader::offset);
        try (reader) {
            while (reader.hasNext()) {
                reader.next().release();
            }
        }
        logs.write(
                run.task().id(),
                TaskEvent.FILE_VERIFIED,
                "%s: read to its end and found whole",
                progress.file().uri());
    }

    /**
     * Reads a whole file and keeps the report of what it holds.
     *
     * @throws java.io.UncheckedIOException when it is broken, or closed meanwhile
     */
    public TaskResult analyse(ImportRun run, FileProgress progress, BackupReader<BackupBatch> reader)
            throws IOException {
        progress.looking(reader, reader::offset);
        Contents contents = new Contents(run.rules());
        try (reader) {
            while (reader.hasNext()) {
                BackupBatch batch = reader.next();
                try {
                    progress.select(batch);
                    contents.accept(batch);
                } finally {
                    batch.release();
                }
            }
        }
        String id = run.task().id();
        String uri = progress.file().uri();
        store.saveReport(
                id,
                new FileReport(
                        uri,
                        progress.file().size(),
                        contents.keys.report(),
                        contents.collisions == null ? null : contents.collisions.count(),
                        contents.filteredKeys,
                        contents.invalidKeys,
                        contents.commands,
                        reader.warning()));
        logs.write(id, TaskEvent.FILE_ANALYSED, "%s: read to its end; nothing was written", uri);
        return TaskResult.of(run, new FileResult(uri, progress.end(null, !run.isBrokenOff())));
    }

    private static final class Contents implements Consumer<BackupBatch> {
        private final BackupAnalysis keys = new BackupAnalysis(System.currentTimeMillis(), LARGEST_KEYS);
        private final KeyRules rules;
        private final NameCollisions collisions; // or null
        private long filteredKeys;
        private long invalidKeys;
        private long commands;

        Contents(KeyRules rules) {
            this.rules = rules;
            collisions = rules.mayCollide() ? new NameCollisions() : null;
        }

        @Override
        public void accept(BackupBatch batch) {
            if (batch instanceof KeyBatch some) {
                rules.apply(some, System.currentTimeMillis());
                keys.add(some);
                if (collisions != null) {
                    collisions.add(some);
                }
                for (int i = 0; i < some.size(); i++) {
                    filteredKeys += some.isExcluded(i) ? 1 : 0;
                    invalidKeys += some.invalidity(i) == null ? 0 : 1;
                }
            } else if (batch instanceof CommandBatch some) {
                commands += some.size();
            }
        }
    }
}
