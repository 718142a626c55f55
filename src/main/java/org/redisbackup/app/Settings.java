package org.redisbackup.app;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The configuration in effect: system properties win over environment variables, those over {@code
 * application.properties}, that over {@link #withDefaults defaults}.
 *
 * <p>The environment variable of a property is its name in capitals with an underscore for every other character. A
 * variable {@code REDISBACKUP_GROUP_NAME_FIELD} whose property no file has stands for {@code
 * redisbackup.group.name.field}, underscores within the name read as hyphens.
 */
public final class Settings {
    private static final List<String> OURS = List.of("redisbackup.", "camel.");
    /** What a deployment may set by its environment although no file names it, and no rule makes it of its variable. */
    private static final List<String> KNOWN = List.of(
            "camel.server.host",
            "camel.server.port",
            "camel.component.aws2-s3.region",
            "camel.component.aws2-s3.accessKey",
            "camel.component.aws2-s3.secretKey",
            "camel.component.aws2-s3.useDefaultCredentialsProvider",
            "camel.component.aws2-s3.overrideEndpoint",
            "camel.component.aws2-s3.uriEndpointOverride",
            "camel.component.aws2-s3.forcePathStyle",
            "redisbackup.tasks.per-target",
            "redisbackup.tasks.per-project",
            "redisbackup.tasks.keep-days",
            "redisbackup.tasks.keep-count",
            "redisbackup.auth.failures-per-address",
            "redisbackup.auth.keystone.admin-roles",
            "redisbackup.auth.keystone.reader-roles");

    /** Of a group's fields, those that have more than one word, as the end of a variable. */
    private static final Map<String, String> FIELDS = Map.of(
            "_time_zone", ".time-zone",
            "_tls_ca_certificate", ".tls.ca-certificate",
            "_tls_client_certificate", ".tls.client-certificate",
            "_tls_client_key", ".tls.client-key",
            "_tls_verify_hostname", ".tls.verify-hostname");

    private static final String OPTIONS = "_import_options_";

    private static final List<String> GROUPS = List.of("instances", "auth.tokens", "auth.keys", "schedules");

    private final SortedMap<String, String> values;

    private Settings(SortedMap<String, String> values) {
        this.values = values;
    }

    /** Only these values, for embedding and tests. */
    public static Settings of(Map<String, String> values) {
        return new Settings(new TreeMap<>(values));
    }

    /**
     * Reads the file, the environment and the system properties.
     *
     * @param file may be missing
     */
    static Settings load(Path file, Map<String, String> environment, Properties system) throws IOException {
        SortedMap<String, String> values = new TreeMap<>();
        if (Files.exists(file)) {
            Properties read = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                read.load(reader);
            }
            read.stringPropertyNames()
                    .forEach(name -> values.put(name, read.getProperty(name).trim()));
        }
        environment.forEach(
                (variable, value) -> propertyOf(variable, values).ifPresent(name -> values.put(name, value)));
        system.stringPropertyNames().stream()
                .filter(name -> OURS.stream().anyMatch(name::startsWith))
                .forEach(name -> values.put(name, system.getProperty(name)));
        return new Settings(values);
    }

    private static Optional<String> propertyOf(String variable, Map<String, String> known) {
        Optional<String> match = Stream.concat(known.keySet().stream(), KNOWN.stream())
                .filter(name -> variableOf(name).equals(variable))
                .findFirst();
        if (match.isPresent() || !variable.startsWith("REDISBACKUP_")) {
            return match;
        }
        return Optional.of(GROUPS.stream()
                .map(group -> "redisbackup." + group)
                .filter(group -> variable.startsWith(variableOf(group) + "_"))
                .map(group ->
                        memberOf(group, variable.substring(variableOf(group).length() + 1)))
                .findFirst()
                .orElseGet(() -> variable.toLowerCase(Locale.ROOT).replace('_', '.')));
    }

    private static String memberOf(String group, String nameAndField) {
        String lower = nameAndField.toLowerCase(Locale.ROOT);
        int options = lower.indexOf(OPTIONS);
        if (options > 0) { // the names of options have underscores
            return member(group, lower.substring(0, options)) + ".import-options."
                    + lower.substring(options + OPTIONS.length());
        }
        for (Map.Entry<String, String> field : FIELDS.entrySet()) {
            if (lower.endsWith(field.getKey())) {
                return member(
                                group,
                                lower.substring(
                                        0, lower.length() - field.getKey().length()))
                        + field.getValue();
            }
        }
        int field = lower.lastIndexOf('_');
        return field < 0
                ? member(group, lower)
                : member(group, lower.substring(0, field)) + "." + lower.substring(field + 1);
    }

    private static String member(String group, String name) {
        return group + "." + name.replace('_', '-');
    }

    private static String variableOf(String property) {
        return property.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    }

    /** These settings, and for what they don't say the given ones. */
    public Settings withDefaults(Map<String, String> defaults) {
        SortedMap<String, String> both = new TreeMap<>(defaults);
        both.putAll(values);
        return new Settings(both);
    }

    /** The value, or null. */
    public String get(String name) {
        return values.get(name);
    }

    /** Whether there is a property whose name begins like this. */
    boolean hasAny(String prefix) {
        SortedMap<String, String> from = values.tailMap(prefix);
        return !from.isEmpty() && from.firstKey().startsWith(prefix);
    }

    /** The value, or another when there is none or it is empty. */
    public String get(String name, String otherwise) {
        String value = values.get(name);
        return value == null || value.isEmpty() ? otherwise : value;
    }

    /**
     * The value.
     *
     * @throws ConfigurationException when there is none
     */
    public String require(String name) {
        String value = get(name, null);
        if (value == null) {
            throw new ConfigurationException("The property " + name
                    + " is missing: set it in application.properties, as -D" + name + "=... or as the variable "
                    + variableOf(name) + ".");
        }
        return value;
    }

    /**
     * A whole number.
     *
     * @throws ConfigurationException when the value is none, or below {@code min}
     */
    public int number(String name, int otherwise, int min) {
        String value = get(name, Integer.toString(otherwise));
        try {
            int number = Integer.parseInt(value);
            if (number >= min) {
                return number;
            }
        } catch (NumberFormatException e) {
            // answered below
        }
        throw new ConfigurationException(
                "The property " + name + " is a number from " + min + " up, not \"" + value + "\".");
    }

    /** The parts of a comma-separated value. */
    public List<String> list(String name) {
        return Stream.of(get(name, "").split(","))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /** Of all properties {@code prefix.NAME.FIELD}: the values by field, by name. */
    public SortedMap<String, Map<String, String>> group(String prefix) {
        SortedMap<String, Map<String, String>> members = new TreeMap<>();
        values.tailMap(prefix + ".").forEach((name, value) -> {
            int field = name.lastIndexOf('.');
            if (name.startsWith(prefix + ".") && field > prefix.length()) {
                members.computeIfAbsent(name.substring(prefix.length() + 1, field), member -> new TreeMap<>())
                        .put(name.substring(field + 1), value);
            }
        });
        return members;
    }

    /** All values, for Camel's property placeholders. */
    Properties asProperties() {
        Properties all = new Properties();
        all.putAll(values);
        return all;
    }
}
