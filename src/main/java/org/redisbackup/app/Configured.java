package org.redisbackup.app;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.TargetMode;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.AllowedTargets;
import org.redisbackup.task.BackupLocation;
import org.redisbackup.task.Instance;
import org.redisbackup.task.Instances;
import org.redisbackup.task.PasswordSeal;
import org.redisbackup.task.TaskLimits;
import org.redisbackup.task.TaskRetention;
import org.redisbackup.task.TaskStore;
import redis.clients.jedis.UnifiedJedis;

/** What the {@code redisbackup.*} properties describe, checked. Every method throws {@link ConfigurationException}. */
final class Configured {
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern PROJECT = Pattern.compile("[0-9a-z]{32}");

    private final Settings settings;

    Configured(Settings settings) {
        this.settings = settings;
    }

    /** Where tasks, their progress and their logs are kept. */
    Target state() {
        String property = "redisbackup.state";
        try {
            Target state = Target.parse(settings.require(property));
            check(state.mode() == TargetMode.STANDALONE, property + ": the state is kept by one server; name it.");
            return state;
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(property + ": " + e.getMessage() + ".");
        }
    }

    Instances instances() {
        List<Instance> instances = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        settings.group("redisbackup.instances").forEach((id, fields) -> {
            String property = "redisbackup.instances." + id;
            if (id.endsWith(ConfiguredTarget.TLS)) {
                settings.require(property.substring(0, property.length() - ConfiguredTarget.TLS.length()) + ".url");
                return;
            }
            check(
                    UUID.matcher(id).matches(),
                    property + ": requests name an instance by a UUID, so its id must be one.");
            Target target = new ConfiguredTarget(settings, property).target();
            check(ids.add(id.toLowerCase(Locale.ROOT)), property + ": the same id is there in other letters.");
            instances.add(new Instance(
                    id,
                    fields.getOrDefault("name", id),
                    target,
                    fields.containsKey("projects") ? projects(settings, property) : Set.of("*"),
                    backups(property + ".backups", fields.get("backups"))));
        });
        return new Instances(instances);
    }

    private static BackupLocation backups(String property, String location) {
        try {
            return location == null ? null : BackupLocation.parse(location);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(property + ": " + e.getMessage() + ".");
        }
    }

    AllowedTargets targets() {
        try {
            return new AllowedTargets(settings.list("redisbackup.targets.allow"));
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("redisbackup.targets.allow: " + e.getMessage() + ".");
        }
    }

    PasswordSeal passwordSeal() {
        String property = "redisbackup.secrets.key";
        String encoded = settings.get(property, null);
        if (encoded == null) {
            return PasswordSeal.with(null);
        }
        byte[] key = {};
        try {
            key = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            // answered below
        }
        check(
                key.length == PasswordSeal.KEY_BYTES,
                property + ": expected " + PasswordSeal.KEY_BYTES
                        + " random bytes in Base64, as \"openssl rand -base64 32\" prints them.");
        return PasswordSeal.with(key);
    }

    TaskLimits limits() {
        TaskLimits standard = TaskLimits.STANDARD;
        return new TaskLimits(
                settings.number("redisbackup.tasks.per-target", standard.perTarget(), 1),
                settings.number("redisbackup.tasks.per-project", standard.perProject(), 1),
                settings.number("redisbackup.tasks.unfinished", standard.all(), 1));
    }

    TaskRetention retention(UnifiedJedis state, TaskStore store, InstantSource clock) {
        String days = "redisbackup.tasks.keep-days";
        Duration age = settings.get(days, null) == null ? null : Duration.ofDays(settings.number(days, 0, 1));
        return new TaskRetention(state, store, age, keepCount(), clock);
    }

    private int keepCount() {
        String count = "redisbackup.tasks.keep-count";
        return settings.get(count, null) == null ? 0 : settings.number(count, 0, 1);
    }

    AllowedBuckets buckets() {
        return new AllowedBuckets(settings.list("redisbackup.buckets.allow"));
    }

    /** The project ids of {@code property.projects}. */
    static Set<String> projects(Settings settings, String property) {
        Set<String> projects = new HashSet<>(settings.list(property + ".projects"));
        check(
                !projects.isEmpty() && projects.stream().allMatch(project -> project.equals("*") || isProject(project)),
                property
                        + ".projects: expected project ids of 32 digits or lower-case letters, separated by commas, or *.");
        return projects;
    }

    static boolean isProject(String id) {
        return PROJECT.matcher(id).matches();
    }

    static void check(boolean right, String problem) {
        if (!right) {
            throw new ConfigurationException(problem);
        }
    }
}
