package org.redisbackup.task;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.SourceException;

/** Finds and opens the files of a task. */
public final class BackupFiles {
    private final S3BackupSource source;
    private final TaskService tasks;

    public BackupFiles(S3BackupSource source, TaskService tasks) {
        this.source = source;
        this.tasks = tasks;
    }

    /**
     * All files that the task names, each once, prefixes expanded. All are looked for before any is imported, so that a
     * name misspelt costs nothing.
     *
     * @throws SourceException when one is not there or may not be read
     */
    public List<BackupFile> find(ImportRun run) throws SourceException {
        ImportTask task = run.task();
        Map<String, BackupFile> found = new LinkedHashMap<>();
        for (RequestedFile requested : task.files()) {
            List<BackupFile> files = requested.isPrefix()
                    ? source.list(task.bucket(), requested.name())
                    : List.of(source.find(task.bucket(), requested.name()));
            files.forEach(file -> found.put(file.key(), file));
        }
        List<BackupFile> files = List.copyOf(found.values());
        tasks.found(run, files);
        return files;
    }

    /** The bytes of one file. */
    public InputStream open(BackupFile file) throws IOException {
        return source.open(file, 0);
    }
}
