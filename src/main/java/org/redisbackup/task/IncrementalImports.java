package org.redisbackup.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.redisbackup.index.KeyIndex;
import org.redisbackup.index.NameVisitor;
import org.redisbackup.index.PlaceSet;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.BackupReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.KeyRemoval;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.redis.Sender;
import org.redisbackup.redis.TargetSize;
import org.redisbackup.source.SourceException;

/**
 * Imports that send only the keys that differ from the backup before, and delete those that vanished. A {@link KeyIndex}
 * of this backup is made and compared with that of the one before. As long as the latter fits into memory, its keys are
 * looked up while the file is delivered. Beyond, each file is read twice: first for the index, which is compared as a whole,
 * then to send what differs. When all keys of all files are on the target, the vanished ones are deleted, and the new index takes the place
 * of the old.
 *
 * <p>The indexes lie in a folder of the local disk, because they grow with the number of keys: neither the memory of the
 * state Redis nor a bucket that need only be readable is the place for that. The state Redis knows which of them tells
 * what a target holds ({@link TargetIndex}): from the beginning of an import to its success none does, and any other
 * import into the target ends that. An instance of the service that lacks the index sends everything.
 */
public final class IncrementalImports {
    private static final int TIMEOUT_MILLIS = 30_000;

    /** Names of the folders of indexes: task and attempt. */
    private static final Pattern OURS = Pattern.compile("[0-9a-f]{32}-[0-9]+");

    private final Path folder;
    private final TaskStore store;
    private final TaskLogs logs;
    private final BooleanSupplier mayWrite;
    private final long quickMemory;

    /**
     * @param folder for indexes, of the services of one state Redis alone; made when it is needed
     * @param mayWrite whether no other instance can have taken over what runs here
     * @param quickMemory bytes of an index that the operating system may be expected to keep in memory
     */
    public IncrementalImports(Path folder, TaskStore store, TaskLogs logs, BooleanSupplier mayWrite, long quickMemory) {
        this.quickMemory = quickMemory;
        this.folder = folder;
        this.store = store;
        this.logs = logs;
        this.mayWrite = mayWrite;
    }

    /** Whether the task compares keys, and an index of them is made. */
    public boolean isDue(ImportRun run) throws IOException {
        return run.task().options().incremental() == Incremental.KEYS
                && run.increment(this::begin).isIndexed();
    }

    /**
     * Whether the file has to be read for the index before it is imported: because the index before is large, or because
     * the import does not begin with its first key.
     */
    public boolean isReadFirst(ImportRun run, FileProgress progress) throws IOException {
        if (!isDue(run)) {
            return false;
        }
        Increment increment = run.increment(this::begin);
        boolean quick = !increment.isComparable() || increment.before().isQuick(quickMemory);
        return !quick || !progress.isFresh();
    }

    /** From now on the batches of the file are put into the index while they are delivered, unless it was read first. */
    public void indexing(ImportRun run, FileProgress progress) throws IOException {
        if (!isDue(run) || isReadFirst(run, progress)) {
            return;
        }
        Increment increment = run.increment(this::begin);
        try {
            KeyIndex before = increment.isComparable() ? increment.before() : null;
            progress.indexBy(new FileIndexing(run, progress, increment.index().begin(before)));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Increment begin(ImportRun run) throws IOException {
        String address = run.target().address();
        TargetIndex last = store.indexes().of(address);
        boolean empty = TargetSize.isEmpty(run.target(), TIMEOUT_MILLIS);
        boolean sameSeries = last != null && last.series().equals(run.series());
        KeyIndex before = sameSeries && last.id() != null
                ? KeyIndex.open(folder.resolve(last.id())).orElse(null)
                : null;
        store.indexes()
                .begin(address, new TargetIndex(run.series(), before == null ? null : last.id(), false, run.session()));
        if (run.hasEndedBefore()) {
            log(
                    run,
                    "Everything is sent from here on, as the import was interrupted between its files; what vanished is"
                            + " deleted by the next one");
            return Increment.none();
        } else if (!store.isAlone(address)) {
            log(run, "Everything is sent and nothing deleted, as another import into this target has not finished");
            return Increment.none();
        }
        String id = idOf(run.session());
        try {
            Files.createDirectories(folder);
            forgetOthers();
            String why = whyAll(run, last, sameSeries, before, empty);
            log(run, why == null ? "Only keys that differ from the last import are sent" : why);
            return new Increment(before, why == null, id, KeyIndex.create(folder.resolve(id)));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Why nothing can be compared, or null when it can. */
    private static String whyAll(
            ImportRun run, TargetIndex last, boolean sameSeries, KeyIndex before, boolean targetIsEmpty) {
        if (last == null) {
            return "Everything is sent, and what vanished since an earlier import stays: this is the first import of its"
                    + " series into this target, or an import without incremental keys came after the last";
        } else if (!sameSeries) {
            return "Everything is sent, and what the target holds stays: the last import into it was of another series of"
                    + " backups";
        } else if (before == null) {
            return last.id() == null
                    ? "Everything is sent: no import of this series into this target has succeeded yet"
                    : "Everything is sent, and what vanished stays: the index of the last import is not on the disk of"
                            + " this instance of the service";
        } else if (!last.settled()) {
            return run.attempt() > 1
                    ? "From here on everything is sent, whether it differs from the last import or not, as this one was"
                            + " interrupted"
                    : "Everything is sent: the last import of this series did not succeed";
        }
        return targetIsEmpty && before.keys() > 0 ? "Everything is sent: the target is empty" : null;
    }

    private static String idOf(String session) {
        return session.replace(':', '-');
    }

    /** What nothing refers to any more: indexes that were replaced, and beginnings of imports that did not succeed. */
    private void forgetOthers() throws IOException {
        Collection<TargetIndex> all = store.indexes().all();
        Set<String> needed = all.stream()
                .flatMap(each -> Stream.of(each.id(), each.holder()))
                .filter(each -> each != null)
                .map(IncrementalImports::idOf)
                .collect(Collectors.toSet());
        try (Stream<Path> content = Files.list(folder)) {
            for (Path each : content.toList()) {
                String name = each.getFileName().toString();
                if (OURS.matcher(name).matches() && !needed.contains(name)) {
                    KeyIndex.delete(each);
                }
            }
        }
    }

    /**
     * Reads a whole file for the index, and finds out which of its keys need not be sent.
     *
     * @throws UncheckedIOException when the file is broken, or closed meanwhile
     */
    public void index(ImportRun run, FileProgress progress, BackupReader<BackupBatch> reader) throws IOException {
        Increment increment = run.increment(this::begin);
        progress.looking(reader, reader::offset);
        try (reader) {
            int part = increment.index().add(new Keys(new FileIndexing(run, progress, null), reader));
            if (increment.isComparable() && progress.isFresh()) {
                PlaceSet unchanged = increment.index().unchangedSince(increment.before(), part);
                progress.leaveOut(unchanged);
                logUnchanged(run, progress, unchanged.size());
            }
        } catch (SourceException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private SourceException unusable(IOException e) {
        return new SourceException(
                "The index of keys in " + folder + " can't be written or read (" + e
                        + "); make room there, or delete it: the next import sends everything then",
                e);
    }

    /**
     * A file was imported to its end. After the last of the task, what vanished is deleted, and the new index holds.
     *
     * @throws DeliveryException when the target does not answer, or refuses
     */
    public void conclude(ImportRun run, FileProgress progress) throws IOException {
        Increment increment = run.increment(this::begin);
        finish(run, progress, increment);
        increment.imported(progress.isWhole());
        String address = run.target().address();
        if (!increment.isWhole(run.expectedFiles())) {
            return;
        } else if (!store.isAlone(address) || !store.indexes().isHeld(address, run.session())) {
            log(
                    run,
                    "Nothing is deleted, and the next import sends everything: another import into this target has begun"
                            + " meanwhile");
            return;
        }
        if (increment.before() != null) {
            long deleted = deleteVanished(run, increment);
            progress.add(RestoreResult.ofDeleted(deleted));
        }
        try {
            increment.index().complete();
        } catch (IOException e) {
            throw unusable(e);
        }
        if (store.indexes().keep(address, run.session(), new TargetIndex(run.series(), increment.id(), true, null))) {
            forgetOthers();
            log(
                    run,
                    "The next import of this series sends what differs from this one, of "
                            + increment.index().keys() + " keys");
        }
    }

    private void finish(ImportRun run, FileProgress progress, Increment increment) throws IOException {
        FileIndexing indexing = progress.indexing();
        if (indexing == null) {
            return;
        }
        try {
            indexing.finish();
        } catch (IOException e) {
            throw unusable(e);
        }
        if (increment.isComparable()) {
            logUnchanged(run, progress, indexing.unchanged());
        }
    }

    private void logUnchanged(ImportRun run, FileProgress progress, long keys) {
        log(run, progress.file().uri() + ": " + keys + " keys are as the last import left them");
    }

    /** Also deletes keys whose time was over before they were sent, as the target may have older ones of the name. */
    private long deleteVanished(ImportRun run, Increment increment) throws IOException {
        Sender sender = Sender.of(run.session(), mayWrite);
        try (KeyRemoval removal = new KeyRemoval(run.target(), TIMEOUT_MILLIS, sender)) {
            NameVisitor delete = (db, key) -> {
                if (run.isBrokenOff()) {
                    throw new SourceException("The import was broken off");
                }
                removal.add(db, key);
            };
            long vanished = increment.index().visitVanishedSince(increment.before(), delete);
            increment.index().visitExpired(System.currentTimeMillis(), delete);
            removal.flush();
            log(
                    run,
                    vanished + " keys vanished from the backup since the last import; " + removal.deleted()
                            + " keys were on the target and are deleted");
            return removal.deleted();
        } catch (DeliveryException | SourceException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void log(ImportRun run, String sentence) {
        logs.write(run.task().id(), TaskEvent.INCREMENT, "%s", sentence);
    }

    /** The keys of a file that is read for the index alone. */
    private record Keys(FileIndexing indexing, BackupReader<BackupBatch> reader) implements KeyIndex.Keys {
        @Override
        public KeyBatch next() throws IOException {
            if (!reader.hasNext()) {
                return null;
            }
            BackupBatch batch = reader.next();
            try {
                return indexing.selected(batch);
            } catch (SourceException e) {
                batch.release();
                throw e;
            }
        }

        @Override
        public void done(KeyBatch batch) {
            batch.release();
        }
    }
}
