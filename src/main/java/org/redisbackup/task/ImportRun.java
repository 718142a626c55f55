package org.redisbackup.task;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.redisbackup.redis.Pace;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.rules.KeyRules;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.SourceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task while it runs in this process, with the password of its request, if there was one: never sent anywhere, and
 * stored only as {@link PasswordSeal} allows.
 */
public final class ImportRun {
    private static final Logger LOG = LoggerFactory.getLogger(ImportRun.class);

    private final ImportTask task;
    private final int attempt;
    private final KeyRules rules;
    private final Pace pace;
    private final Target target;
    private final String problem;
    private final Map<String, FileProgress> files = new ConcurrentHashMap<>();
    private final Object beginnings = new Object();
    private volatile int expectedFiles = 1;
    private volatile List<FileCheckpoint> before = List.of();
    private volatile boolean brokenOff;
    private final Object increments =
            new Object(); // not this: beginning may take long, and saving checkpoints waits for this
    private Increment increment;

    /** Makes what an incremental run goes by. */
    interface Beginning {
        Increment of(ImportRun run) throws IOException;
    }

    private ImportRun(ImportTask task, int attempt, Target target, String problem, Consumer<String> news) {
        this.task = task;
        pace = task.options().pace(news);
        rules = task.options().rules();
        this.attempt = attempt;
        this.target = target;
        this.problem = problem;
    }

    /**
     * A run that is to import.
     *
     * @param attempt 1 for the first, one more each time that another instance of the service takes the task over
     * @param logs are told when it pauses
     */
    static ImportRun into(Target target, ImportTask task, int attempt, TaskLogs logs) {
        return new ImportRun(
                task, attempt, target, null, news -> logs.write(task.id(), TaskEvent.PACE_CHANGED, "%s", news));
    }

    /** A run of a task that can't go on: it fails with this sentence. */
    static ImportRun failing(String problem, ImportTask task, int attempt) {
        return new ImportRun(task, attempt, null, problem, news -> {});
    }

    public ImportTask task() {
        return task;
    }

    /** The exchanges that deliver for one run share a connection, apart from those of all others. */
    public String session() {
        return task.id() + ":" + attempt;
    }

    /** Whether a session is one of an earlier run of the same task. */
    boolean isPredecessor(String session) {
        return session.startsWith(task.id() + ":") && !session.equals(session());
    }

    /**
     * A name of the import of one file, which stays the same however often it goes on.
     *
     * @param uri of the file
     */
    String importOf(String uri) {
        return task.id() + ":" + uri;
    }

    /** What {@link Incremental#KEYS} compares with each other: backups of one series, with the same selection of keys. */
    String series() {
        ImportOptions options = task.options();
        String named = options.series() == null
                ? "s3://" + task.bucket() + "/ "
                        + task.files().stream()
                                .map(RequestedFile::name)
                                .sorted()
                                .toList()
                : options.series();
        String selection = options.include() == null && options.exclude() == null
                ? ""
                : " " + StateJson.write(List.of(String.valueOf(options.include()), String.valueOf(options.exclude())));
        return task.project() + ": " + named + selection;
    }

    /** What an incremental run goes by, from its first file on. */
    Increment increment(Beginning beginning) throws IOException {
        synchronized (increments) {
            if (increment == null) {
                increment = beginning.of(this);
            }
            return increment;
        }
    }

    /** Whether an earlier run of the task ended one of its files. */
    boolean hasEndedBefore() {
        return before.stream().anyMatch(checkpoint -> checkpoint.end() != null);
    }

    int attempt() {
        return attempt;
    }

    /** Which keys are imported, and what they are on the target. */
    public KeyRules rules() {
        return rules;
    }

    /** How gently the target is treated; its limits may change. */
    public Pace pace() {
        return pace;
    }

    /** With the password to use. */
    public Target target() {
        return target;
    }

    /** @throws SourceException when there is nothing to find, because the run can't go on or is broken off */
    void requireUsable() throws SourceException {
        if (problem != null) {
            throw new SourceException(problem);
        }
        if (brokenOff) {
            throw new SourceException("The import was broken off before its files were found");
        }
    }

    void found(List<BackupFile> found) {
        begin(found.stream().map(FileCheckpoint::start).toList());
    }

    /** An earlier run of the task found its files already, and came so far with them. */
    void goOnFrom(List<FileCheckpoint> checkpoints) {
        before = checkpoints;
        begin(checkpoints);
    }

    /** The files that an earlier run of the task found, or none. */
    List<BackupFile> foundBefore() {
        return before.stream().map(FileCheckpoint::file).toList();
    }

    private void begin(List<FileCheckpoint> checkpoints) {
        expectedFiles = Math.max(1, checkpoints.size());
        boolean keepsLedger = task.options().ledger() != null;
        checkpoints.forEach(
                checkpoint -> files.put(checkpoint.file().uri(), new FileProgress(checkpoint, keepsLedger)));
    }

    /** How many files will report a result: 1, for the failure, until they are found. */
    int expectedFiles() {
        return expectedFiles;
    }

    /** How far the given file is. */
    FileProgress progress(BackupFile file) {
        return files.get(file.uri());
    }

    Collection<FileProgress> files() {
        return files.values();
    }

    /** Files that have ended change no more. */
    void forgetEnded() {
        files.values().removeIf(FileProgress::isDone);
    }

    /**
     * The import of a file begins.
     *
     * @throws SourceException when the run is broken off
     */
    void begin(FileProgress progress) throws SourceException {
        synchronized (beginnings) {
            if (brokenOff) {
                throw new SourceException(
                        "The import was broken off before " + progress.file().uri() + " was read");
            }
            progress.begin();
        }
    }

    /** No file is begun any more, and whoever reads one gets an exception. Does nothing the second time. */
    void breakOff() {
        synchronized (beginnings) {
            if (brokenOff) {
                return;
            }
            brokenOff = true;
        }
        for (FileProgress progress : files.values()) {
            try {
                progress.close();
            } catch (IOException e) {
                LOG.debug("{} could not be closed", progress.file().uri(), e);
            }
        }
    }

    boolean isBrokenOff() {
        return brokenOff;
    }

    /** Whether no file is being imported. */
    boolean isQuiet() {
        synchronized (beginnings) {
            return files.values().stream().noneMatch(FileProgress::isInFlight);
        }
    }

    @Override
    public String toString() {
        return "import " + task.id() + (target == null ? "" : " into " + target.address());
    }
}
