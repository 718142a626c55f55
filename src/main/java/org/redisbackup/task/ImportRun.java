package org.redisbackup.task;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.redisbackup.redis.Target;
import org.redisbackup.source.BackupFile;

/**
 * A task while it runs in this process: the only place where the password of a request lives. Never stored, never
 * sent anywhere.
 */
public final class ImportRun {
    private final ImportTask task;
    private final Target target;
    private final Map<String, FileProgress> files = new ConcurrentHashMap<>();
    private volatile int expectedFiles = 1;

    ImportRun(ImportTask task, Target target) {
        this.task = task;
        this.target = target;
    }

    public ImportTask task() {
        return task;
    }

    /** With the password to use. */
    public Target target() {
        return target;
    }

    void found(List<BackupFile> found) {
        expectedFiles = Math.max(1, found.size());
        found.forEach(file -> files.put(file.uri(), new FileProgress(file)));
    }

    /** How many files will report a result: 1, for the failure, until they are found. */
    int expectedFiles() {
        return expectedFiles;
    }

    /** How far the given file is. */
    public FileProgress progress(BackupFile file) {
        return files.get(file.uri());
    }

    Collection<FileProgress> files() {
        return files.values();
    }

    /** Files that have ended change no more. */
    void forgetEnded() {
        files.values().removeIf(FileProgress::isEnded);
    }

    @Override
    public String toString() {
        return "import " + task.id() + " into " + target.address();
    }
}
