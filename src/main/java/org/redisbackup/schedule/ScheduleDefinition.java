package org.redisbackup.schedule;

import java.text.ParseException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.redisbackup.task.ImportOptions;
import org.redisbackup.task.Incremental;

/**
 * A schedule as a client or the configuration wrote it; nothing is checked yet. Every field may be null.
 *
 * @param cron Quartz expression, or {@value #EVENT} for imports of what arrives in the bucket; required
 * @param timeZone of the expression; UTC when null
 * @param bucket required
 * @param prefix of the keys, required; may be empty
 * @param pattern a {@link KeyPattern} for what follows the prefix
 * @param select name of a {@link Selection}; newest when null
 * @param shards files of a backup, from 2 up; for shard sets alone
 * @param target id of a registered instance, required
 * @param method name of an {@link ImportMethod}; incremental_migration when null
 * @param importOptions as in a request to create a task
 * @param jitter seconds, 0 to {@value #MAX_JITTER}, that a run comes later at most; 0 when null
 * @param missed name of a {@link MissedPolicy}; skip when null
 * @param overlap name of an {@link OverlapPolicy}; forbid when null
 */
public record ScheduleDefinition(
        String cron,
        String timeZone,
        String bucket,
        String prefix,
        String pattern,
        String select,
        Integer shards,
        String target,
        String method,
        Map<String, Object> importOptions,
        Integer jitter,
        String missed,
        String overlap) {
    static final String EVENT = "event";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{3,63}");
    private static final int MAX_JITTER = 3600;
    private static final int MAX_SHARDS = 1000;
    private static final int MAX_TEXT = 1024; // bytes of a key

    /**
     * The schedule that is meant, in the words of this class.
     *
     * @throws InvalidScheduleException for the first field that is not right
     */
    Schedule checked(String project, String name) {
        require(
                name != null && NAME.matcher(name).matches(),
                "name",
                "expected a letter and 3 to 63 letters, digits, '-' or '_', as for tasks");
        require(target != null && !target.isBlank(), "target", "expected the id of a registered instance");
        require(
                jitter == null || (jitter >= 0 && jitter <= MAX_JITTER),
                "jitter",
                "expected seconds from 0 to " + MAX_JITTER);
        ImportMethod imports = oneOf("method", method, ImportMethod.INCREMENTAL_MIGRATION);
        BackupChoice choice = backups();
        return new Schedule(
                project,
                name,
                this,
                timetable(),
                choice,
                imports,
                options(imports, choice),
                oneOf("missed", missed, MissedPolicy.SKIP),
                oneOf("overlap", overlap, OverlapPolicy.FORBID));
    }

    boolean isByEvent() {
        return EVENT.equals(cron);
    }

    private Timetable timetable() {
        ZoneId zone;
        try {
            zone = ZoneId.of(timeZone == null ? "UTC" : timeZone);
        } catch (DateTimeException e) {
            throw new InvalidScheduleException(
                    "time_zone", "expected the name of a time zone such as Europe/Berlin, not \"" + timeZone + "\"");
        }
        try {
            return isByEvent() ? Timetable.empty() : Timetable.parse(cron == null ? "" : cron, zone);
        } catch (ParseException e) {
            throw new InvalidScheduleException(
                    "cron",
                    "expected a Quartz expression such as \"0 30 2 * * ?\", or \"" + EVENT + "\", not \""
                            + (cron == null ? "" : cron) + "\"");
        }
    }

    private BackupChoice backups() {
        require(bucket != null && !bucket.isBlank() && isShort(bucket), "bucket", "expected the name of a bucket");
        require(prefix != null && isShort(prefix), "prefix", "expected the beginning of keys, which may be empty");
        Selection selection = oneOf("select", select, Selection.NEWEST);
        boolean sets = selection == Selection.NEWEST_SHARD_SET;
        require(
                sets ? shards != null && shards > 1 && shards <= MAX_SHARDS : shards == null,
                "shards",
                sets ? "expected how many files make a backup, 2 to " + MAX_SHARDS : "they belong to newest-shard-set");
        KeyPattern keys = keys();
        require(
                !sets || (keys != null && keys.namesSets()),
                "pattern",
                "newest-shard-set needs {set} or a date in it, which says what files belong together");
        return new BackupChoice(bucket, prefix, keys, selection, sets ? shards : 0);
    }

    private KeyPattern keys() {
        try {
            require(pattern == null || isShort(pattern), "pattern", "expected at most " + MAX_TEXT + " characters");
            return pattern == null || pattern.isEmpty() ? null : KeyPattern.parse(pattern);
        } catch (InvalidScheduleException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidScheduleException("pattern", e.getMessage());
        }
    }

    private ImportOptions options(ImportMethod imports, BackupChoice choice) {
        try {
            ImportOptions options = ImportOptions.of(importOptions);
            options.requireMethod(imports.text());
            if (options.incremental() == Incremental.KEYS && choice.selection() == Selection.ALL_NEW) {
                throw new IllegalArgumentException(
                        "incremental keys compares one backup with the one before: select newest or newest-shard-set");
            }
            require(options.retryOf() == null, "import_options", "a schedule imports files, and retry_of names a task");
            return options;
        } catch (InvalidScheduleException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new InvalidScheduleException("import_options", e.getMessage());
        }
    }

    private static <T extends Enum<T>> T oneOf(String field, String text, T otherwise) {
        if (text == null) {
            return otherwise;
        }
        T[] all = otherwise.getDeclaringClass().getEnumConstants();
        return Stream.of(all)
                .filter(each -> nameOf(each).equals(text))
                .findFirst()
                .orElseThrow(() -> new InvalidScheduleException(
                        field,
                        "expected one of "
                                + Stream.of(all).map(ScheduleDefinition::nameOf).collect(Collectors.joining(", "))));
    }

    private static String nameOf(Enum<?> constant) {
        String name = constant.name().toLowerCase(Locale.ROOT);
        return constant instanceof ImportMethod ? name : name.replace('_', '-');
    }

    private static boolean isShort(String text) {
        return text.length() <= MAX_TEXT && text.chars().noneMatch(Character::isISOControl);
    }

    private static void require(boolean right, String field, String expected) {
        if (!right) {
            throw new InvalidScheduleException(field, expected);
        }
    }
}
