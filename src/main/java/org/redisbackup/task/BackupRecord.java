package org.redisbackup.task;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.redisbackup.source.BackupFile;

/**
 * A backup of an instance: one object, or several that belong together.
 *
 * @param id made of the instance and of the versions of the objects: the same for as long as they stay what they are
 * @param instance that it is a backup of
 * @param name what its objects have in common
 * @param files at least one, sorted by key
 */
public record BackupRecord(String id, Instance instance, String name, List<BackupFile> files) {
    static BackupRecord of(Instance instance, String common, List<BackupFile> files) {
        StringBuilder versions = new StringBuilder(instance.id());
        files.forEach(
                file -> versions.append('\n').append(file.uri()).append('\n').append(file.etag()));
        UUID id = UUID.nameUUIDFromBytes(versions.toString().getBytes(StandardCharsets.UTF_8));
        return new BackupRecord(id.toString(), instance, common.substring(common.lastIndexOf('/') + 1), files);
    }

    /** Of its objects, sorted. */
    public List<String> keys() {
        return files.stream().map(BackupFile::key).toList();
    }

    public String bucket() {
        return files.get(0).bucket();
    }

    /** Bytes of all objects. */
    public long size() {
        return files.stream().mapToLong(BackupFile::size).sum();
    }

    /** When the last of the objects was written. */
    public Instant created() {
        return files.stream()
                .map(BackupFile::lastModified)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** What a task is to import. */
    public RequestedBackup requested() {
        List<RequestedFile> names = files.stream()
                .map(file -> new RequestedFile(file.key(), null, null))
                .toList();
        return new RequestedBackup(bucket(), names, id, instance.id(), null);
    }
}
