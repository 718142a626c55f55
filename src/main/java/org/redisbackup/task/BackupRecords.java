package org.redisbackup.task;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.S3BackupSource;
import org.redisbackup.source.S3Links;
import redis.clients.jedis.UnifiedJedis;

/**
 * The backups of the registered instances, as they lie in their buckets now. What was deleted here is only forgotten:
 * an importer has no business with removing objects.
 */
public final class BackupRecords {
    /** Keys of one location that are looked at. */
    private static final int MAX_KEYS = 100_000;

    private final S3BackupSource source;
    private final S3Links links;
    private final Instances instances;
    private final UnifiedJedis redis;

    /** @param redis the state, where it is kept what was forgotten */
    public BackupRecords(S3BackupSource source, S3Links links, Instances instances, UnifiedJedis redis) {
        this.source = source;
        this.links = links;
        this.instances = instances;
        this.redis = redis;
    }

    /**
     * The backups of an instance, newest first.
     *
     * @throws IOException when its location can't be listed
     */
    public List<BackupRecord> of(Instance instance) throws IOException {
        BackupLocation location = instance.backups();
        if (location == null) {
            return List.of();
        }
        Map<String, List<BackupFile>> together = new TreeMap<>();
        source.objects(location.bucket(), location.prefix(), MAX_KEYS, key -> location.recordOf(key)
                        .isPresent())
                .forEach(file -> together.computeIfAbsent(
                                location.recordOf(file.key()).orElseThrow(), common -> new ArrayList<>())
                        .add(file));
        Set<String> forgotten = redis.smembers(StateKeys.forgottenBackups(instance.id()));
        return together.entrySet().stream()
                .map(entry -> BackupRecord.of(instance, entry.getKey(), entry.getValue()))
                .filter(backup -> !forgotten.contains(backup.id()))
                .sorted(Comparator.comparing(BackupRecord::created).reversed().thenComparing(BackupRecord::name))
                .toList();
    }

    /**
     * A backup of any instance that the project may use.
     *
     * @throws IOException when it is not found, and a location that may have it can't be listed
     */
    public Optional<BackupRecord> find(String project, String id) throws IOException {
        IOException failure = null;
        for (Instance instance : instances.of(project)) {
            try {
                Optional<BackupRecord> found = find(instance, id);
                if (found.isPresent()) {
                    return found;
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return Optional.empty();
    }

    /**
     * A backup of an instance.
     *
     * @param id whatever its case
     * @throws IOException when the location can't be listed
     */
    public Optional<BackupRecord> find(Instance instance, String id) throws IOException {
        return of(instance).stream()
                .filter(backup -> backup.id().equalsIgnoreCase(id))
                .findFirst();
    }

    /**
     * Links that anybody can download objects of a backup with, by key and in their order.
     *
     * @param limit links at most
     */
    public Map<String, String> links(BackupRecord backup, int limit, Duration goodFor) {
        Map<String, String> made = new LinkedHashMap<>();
        backup.files().stream().limit(limit).forEach(file -> made.put(file.key(), links.of(file, goodFor)));
        return made;
    }

    /** From now on the backup is not there any more; its objects are left alone. */
    public void forget(BackupRecord backup) {
        redis.sadd(StateKeys.forgottenBackups(backup.instance().id()), backup.id());
    }
}
