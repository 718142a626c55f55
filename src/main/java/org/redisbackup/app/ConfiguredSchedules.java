package org.redisbackup.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.redisbackup.schedule.InvalidScheduleException;
import org.redisbackup.schedule.Schedule;
import org.redisbackup.schedule.ScheduleDefinition;
import org.redisbackup.schedule.Schedules;
import org.redisbackup.task.Instances;

/** The schedules that {@code redisbackup.schedules.<name>.*} describe. */
final class ConfiguredSchedules {
    private static final String GROUP = "redisbackup.schedules";
    private static final String OPTIONS = ".import-options";

    private static final Set<String> FIELDS = Set.of(
            "cron",
            "time-zone",
            "bucket",
            "prefix",
            "pattern",
            "select",
            "shards",
            "target",
            "project",
            "method",
            "jitter",
            "missed",
            "overlap");

    private final Settings settings;
    private final Instances instances;

    ConfiguredSchedules(Settings settings, Instances instances) {
        this.settings = settings;
        this.instances = instances;
    }

    /** @throws ConfigurationException when one of them can't be */
    List<Schedule> schedules() {
        Map<String, Map<String, String>> members = settings.group(GROUP);
        List<Schedule> schedules = new ArrayList<>();
        members.forEach((name, fields) -> {
            if (name.endsWith(OPTIONS)) {
                String owner = name.substring(0, name.length() - OPTIONS.length());
                settings.require(GROUP + "." + owner + ".cron");
            } else {
                schedules.add(schedule(name, fields, members.getOrDefault(name + OPTIONS, Map.of())));
            }
        });
        return schedules;
    }

    private Schedule schedule(String name, Map<String, String> fields, Map<String, String> options) {
        String property = GROUP + "." + name;
        Set<String> unknown = new HashSet<>(fields.keySet());
        unknown.removeAll(FIELDS);
        Configured.check(
                unknown.isEmpty(),
                property + ": there is no " + String.join(", ", unknown) + " of a schedule; there are "
                        + String.join(", ", FIELDS.stream().sorted().toList()) + " and import-options.*.");
        Stream.of("cron", "bucket", "target", "project").forEach(field -> settings.require(property + "." + field));
        String project = fields.get("project");
        Configured.check(
                Configured.isProject(project), property + ".project: a project id is 32 digits or lower-case letters.");
        try {
            Schedule schedule = Schedules.configured(project, name, definition(property, fields, options), instances);
            if (schedule.isByEvent()) {
                settings.require("redisbackup.events.queue");
            }
            return schedule;
        } catch (InvalidScheduleException e) {
            String field = e.field().equals("name") ? "" : "." + e.field().replace('_', '-');
            throw new ConfigurationException(property + field + ": " + e.getMessage() + ".");
        }
    }

    private ScheduleDefinition definition(String property, Map<String, String> fields, Map<String, String> options) {
        return new ScheduleDefinition(
                fields.get("cron"),
                fields.get("time-zone"),
                fields.get("bucket"),
                fields.get("prefix"),
                fields.get("pattern"),
                fields.get("select"),
                number(property, "shards", fields),
                fields.get("target"),
                fields.get("method"),
                options(options),
                number(property, "jitter", fields),
                fields.get("missed"),
                fields.get("overlap"));
    }

    /** As JSON has them: some are true or false. */
    private static Map<String, Object> options(Map<String, String> texts) {
        Map<String, Object> options = new HashMap<>();
        texts.forEach((name, text) ->
                options.put(name, text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text));
        return options;
    }

    private Integer number(String property, String field, Map<String, String> fields) {
        return fields.containsKey(field) ? settings.number(property + "." + field, 0, 0) : null;
    }
}
