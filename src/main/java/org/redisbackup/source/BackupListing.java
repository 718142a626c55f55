package org.redisbackup.source;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.redisbackup.archive.AppendOnlyFiles;
import org.redisbackup.archive.BackupContentException;
import org.redisbackup.archive.EntryName;

/**
 * The backups in a bucket. An append-only file that lies there as servers keep it, a manifest with its parts beside it,
 * is one backup with the name of the manifest.
 */
public final class BackupListing {
    private final S3BackupSource source;

    public BackupListing(S3BackupSource source) {
        this.source = source;
    }

    /**
     * The backups whose keys start with a prefix, sorted by key.
     *
     * @param warnings told of parts that no manifest names, in sentences without a full stop
     * @throws SourceException when there is none, parts of one are missing, or the bucket may not be read
     */
    public List<BackupFile> list(String bucket, String prefix, Consumer<String> warnings) throws SourceException {
        return together(source.list(bucket, prefix), warnings);
    }

    /**
     * One backup; that of a manifest is looked for beside it.
     *
     * @throws SourceException when it is not there or may not be read
     */
    public BackupFile find(String bucket, String key) throws SourceException {
        BackupFile file = source.find(bucket, key);
        if (!isManifest(file)) {
            return file;
        }
        String folder = key.substring(0, key.lastIndexOf('/') + 1);
        return list(bucket, folder, warning -> {}).stream()
                .filter(backup -> backup.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new SourceException("None of the files that " + file.uri()
                        + " names lies beside it: put the parts of the append-only file there."));
    }

    private static boolean isManifest(BackupFile file) {
        return new EntryName(file.key()).isManifest();
    }

    private List<BackupFile> together(List<BackupFile> listed, Consumer<String> warnings) throws SourceException {
        Map<EntryName, BackupFile> appendOnly = new LinkedHashMap<>();
        List<BackupFile> backups = new ArrayList<>();
        AppendOnlyFiles files = new AppendOnlyFiles();
        for (BackupFile file : listed) {
            EntryName name = new EntryName(file.key());
            if (name.isManifest()) {
                addManifest(files, name, file);
            } else if (name.mayBePart()) {
                files.addFile(name);
            } else {
                backups.add(file);
                continue;
            }
            appendOnly.put(name, file);
        }
        try {
            for (AppendOnlyFiles.Parts found : files.together(warnings)) {
                backups.add(backup(
                        appendOnly.get(found.name()),
                        found.parts().stream().map(appendOnly::get).toList()));
            }
        } catch (BackupContentException e) {
            throw new SourceException(
                    "s3://" + listed.get(0).bucket() + "/" + e.entry() + " can't be imported: " + e.problem() + ".");
        }
        backups.sort(Comparator.comparing(BackupFile::key));
        return backups;
    }

    private static BackupFile backup(BackupFile named, List<BackupFile> parts) {
        return isManifest(named)
                ? new BackupFile(
                        named.bucket(),
                        named.key(),
                        etag(named, parts),
                        parts.stream().mapToLong(BackupFile::size).sum(),
                        parts.stream()
                                .map(BackupFile::lastModified)
                                .max(Comparator.naturalOrder())
                                .orElse(Instant.EPOCH),
                        parts)
                : named;
    }

    /** Parts grow while their manifest stays what it is. */
    private static String etag(BackupFile manifest, List<BackupFile> parts) {
        return Stream.concat(Stream.of(manifest), parts.stream())
                .map(BackupFile::etag)
                .collect(Collectors.joining("+"));
    }

    private void addManifest(AppendOnlyFiles files, EntryName name, BackupFile file) throws SourceException {
        try (InputStream content = source.open(file, 0, retry -> {})) {
            files.addManifest(name, content);
        } catch (SourceException e) {
            throw e;
        } catch (IOException e) {
            throw new SourceException(file.uri() + " could not be read: " + e.getMessage(), e);
        }
    }
}
