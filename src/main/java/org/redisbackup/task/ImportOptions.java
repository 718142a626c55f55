package org.redisbackup.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.redisbackup.rdb.UnknownVersion;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.DeliveryMethod;
import org.redisbackup.redis.LossPolicy;
import org.redisbackup.redis.Pace;
import org.redisbackup.redis.RateLimits;
import org.redisbackup.redis.rules.KeyRules;

/**
 * How a task imports, where the DCS API leaves no choice. The names are those of {@code import_options} in a request.
 *
 * @param conflictPolicy what happens to keys that the target already holds
 * @param unknownVersion what happens to a file of a newer version than those that are known
 * @param invalidValues what happens to values that a server would refuse, or come to harm by
 * @param method how values reach the target
 * @param replaceAll whether the target may lose all keys that it holds to {@link DeliveryMethod#REPLICATION}
 * @param onLoss what happens to keys of which the target can't be given something
 * @param verifyFirst whether each file is read to its end, which checks it, before its first key is written
 * @param dryRun whether the files are only read, for a report of what they hold
 * @param verify how the target is compared with each file after its import
 * @param maxKeysPerSecond on average, all files together; 0 for no limit. May be changed while the task runs
 * @param maxBytesPerSecond as the backup holds them; as for keys
 * @param maxLatencyMs milliseconds that the target may take to answer other clients before the import slows down; 0 for
 *     any number. May be changed while the task runs
 * @param maxMemoryPercent of the target's {@code maxmemory}, above which the import pauses; 0 for never
 * @param pauseLimitSeconds how long it waits for room before it fails
 * @param include which keys are imported
 * @param exclude which of them are not
 * @param rename how keys are called on the target
 * @param databases of the backup to those of the target
 * @param expiry when keys expire
 * @param ledger where all that does not reach the target is written; null for nowhere
 * @param retryOf id of the task whose failures, and nothing else, are imported again; null for none
 * @param incremental what an {@code incremental_migration} brings to the target
 * @param series names the backups that {@link Incremental#KEYS} compares with each other; null for those of the same name
 */
public record ImportOptions(
        @JsonProperty("conflict_policy") ConflictPolicy conflictPolicy,
        @JsonProperty("unknown_version") UnknownVersion unknownVersion,
        @JsonProperty("invalid_values") ValidationPolicy invalidValues,
        @JsonProperty("method") DeliveryMethod method,
        @JsonProperty("on_loss") LossPolicy onLoss,
        @JsonProperty("replace_all") Boolean replaceAll,
        @JsonProperty("verify_first") Boolean verifyFirst,
        @JsonProperty("dry_run") Boolean dryRun,
        @JsonProperty("verify") Verification verify,
        @JsonProperty("max_keys_per_second") Long maxKeysPerSecond,
        @JsonProperty("max_bytes_per_second") Long maxBytesPerSecond,
        @JsonProperty("max_latency_ms") Long maxLatencyMs,
        @JsonProperty("max_memory_percent") Integer maxMemoryPercent,
        @JsonProperty("pause_limit_seconds") Long pauseLimitSeconds,
        KeyOptions.Selection include,
        KeyOptions.Selection exclude,
        KeyOptions.Rename rename,
        Map<String, Integer> databases,
        KeyOptions.Expiry expiry,
        Ledger ledger,
        @JsonProperty("retry_of") String retryOf,
        Incremental incremental,
        @JsonProperty("incremental_series") String series) {
    /**
     * Where a ledger is written.
     *
     * @param bucket that takes it; null for the one of the backup
     * @param prefix of its keys; a slash and the task's id follow
     */
    public record Ledger(String bucket, String prefix) {
        private static final String STANDARD_PREFIX = "ledgers/";

        /** Characters that mean nothing to anybody on the way: S3's safe ones, without those that quote or expand. */
        private static final Pattern PREFIX = Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)+");

        private static final int MAX_PREFIX = 512;

        /** @throws IllegalArgumentException with a sentence without its full stop when the prefix is none */
        public Ledger {
            prefix = prefix == null ? STANDARD_PREFIX : prefix;
            prefix = prefix.endsWith("/") ? prefix : prefix + "/";
            if (prefix.length() > MAX_PREFIX || !PREFIX.matcher(prefix).matches()) {
                throw new IllegalArgumentException("the prefix of a ledger has 1 to " + MAX_PREFIX
                        + " letters, digits, '-', '_', '.' and '/', and no part that begins with '.'");
            }
            if (bucket != null && bucket.isBlank()) {
                throw new IllegalArgumentException("the bucket of a ledger has a name");
            }
        }
    }

    private static final Pattern TASK = Pattern.compile("[0-9a-f]{32}");

    private static final int MAX_SERIES = 256;

    /** Whoever bears more has no need of a limit. */
    static final long MAX_LATENCY_MS = 60_000;

    private static final long MAX_PAUSE_SECONDS = 7L * 24 * 60 * 60;

    /** What the DCS API promises, and the safest where it is silent. */
    public static final ImportOptions STANDARD = new ImportOptions(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            null, null, null, null, null);

    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /** What is null stands for what the DCS API promises. */
    public ImportOptions {
        conflictPolicy = conflictPolicy == null ? ConflictPolicy.REPLACE : conflictPolicy;
        unknownVersion = unknownVersion == null ? UnknownVersion.FAIL : unknownVersion;
        invalidValues = invalidValues == null ? ValidationPolicy.FAIL : invalidValues;
        method = method == null ? DeliveryMethod.RESTORE : method;
        onLoss = onLoss == null ? LossPolicy.KEEP : onLoss;
        replaceAll = replaceAll != null && replaceAll;
        verifyFirst = verifyFirst != null && verifyFirst;
        dryRun = dryRun != null && dryRun;
        verify = verify == null ? Verification.NONE : verify;
        if (dryRun && verify != Verification.NONE) {
            throw new IllegalArgumentException("a dry run writes nothing that verify could compare");
        }
        if (dryRun && ledger != null) {
            throw new IllegalArgumentException("a dry run delivers nothing that a ledger could miss");
        }
        if (retryOf != null && !TASK.matcher(retryOf).matches()) {
            throw new IllegalArgumentException("retry_of is the id of a task, 32 hexadecimal digits");
        }
        if (retryOf != null && method == DeliveryMethod.REPLICATION) {
            throw new IllegalArgumentException("method replication hands over a whole file, and retry_of retries keys:"
                    + " name another method, or import the file again");
        }
        maxKeysPerSecond = maxKeysPerSecond == null ? 0 : maxKeysPerSecond;
        maxBytesPerSecond = maxBytesPerSecond == null ? 0 : maxBytesPerSecond;
        maxLatencyMs = maxLatencyMs == null ? 0 : maxLatencyMs;
        maxMemoryPercent = maxMemoryPercent == null ? Pace.STANDARD_MEMORY_PERCENT : maxMemoryPercent;
        pauseLimitSeconds = pauseLimitSeconds == null ? Pace.STANDARD_PAUSE_LIMIT.toSeconds() : pauseLimitSeconds;
        require(maxKeysPerSecond, 0, Long.MAX_VALUE, "max_keys_per_second");
        require(maxBytesPerSecond, 0, Long.MAX_VALUE, "max_bytes_per_second");
        require(maxLatencyMs, 0, MAX_LATENCY_MS, "max_latency_ms");
        require(maxMemoryPercent, 0, 100, "max_memory_percent");
        require(pauseLimitSeconds, 0, MAX_PAUSE_SECONDS, "pause_limit_seconds");
        databases = databases == null ? null : Map.copyOf(databases);
        KeyRules rules = KeyOptions.rules(include, exclude, rename, databases, expiry); // throws what is wrong
        boolean whole = rules.changesNothing()
                && conflictPolicy == ConflictPolicy.REPLACE
                && !verifyFirst
                && maxKeysPerSecond == 0
                && maxBytesPerSecond == 0
                && maxLatencyMs == 0;
        if (method == DeliveryMethod.REPLICATION && !whole) {
            throw new IllegalArgumentException("method replication hands over a file as it is: it goes with no other"
                    + " conflict_policy than replace, and without verify_first, max_keys_per_second,"
                    + " max_bytes_per_second, max_latency_ms, include, exclude, rename, databases and expiry");
        }
        incremental = incremental == null ? Incremental.FILES : incremental;
        if (incremental == Incremental.KEYS && retryOf != null) {
            throw new IllegalArgumentException(
                    "retry_of retries keys that failed, whatever has changed since: it goes without"
                            + " incremental keys");
        }
        if (incremental == Incremental.KEYS) {
            requireComparable(conflictPolicy, method, dryRun, rename, databases, expiry);
        }
        checkSeries(series, incremental);
    }

    private static void requireComparable(
            ConflictPolicy conflictPolicy,
            DeliveryMethod method,
            boolean dryRun,
            KeyOptions.Rename rename,
            Map<String, Integer> databases,
            KeyOptions.Expiry expiry) {
        boolean comparable = conflictPolicy == ConflictPolicy.REPLACE
                && method != DeliveryMethod.REPLICATION
                && !dryRun
                && rename == null
                && databases == null
                && expiry == null;
        if (!comparable) {
            throw new IllegalArgumentException(
                    "incremental keys makes the target what the backup is, key by key: it goes"
                            + " with no other conflict_policy than replace, and without method replication, dry_run, rename,"
                            + " databases and expiry");
        }
    }

    private static void checkSeries(String series, Incremental incremental) {
        if (series != null && incremental != Incremental.KEYS) {
            throw new IllegalArgumentException("incremental_series goes with incremental keys");
        }
        boolean right = series == null
                || (!series.isBlank()
                        && series.length() <= MAX_SERIES
                        && series.chars().noneMatch(Character::isISOControl));
        if (!right) {
            throw new IllegalArgumentException(
                    "incremental_series has 1 to " + MAX_SERIES + " characters, and no control characters");
        }
    }

    static void require(long value, long least, long most, String option) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    option + " is " + least + (most == Long.MAX_VALUE ? " or more" : " to " + most));
        }
    }

    /** The same, but for the backups that are compared with each other. */
    public ImportOptions ofSeries(String name) {
        return new ImportOptions(
                conflictPolicy,
                unknownVersion,
                invalidValues,
                method,
                onLoss,
                replaceAll,
                verifyFirst,
                dryRun,
                verify,
                maxKeysPerSecond,
                maxBytesPerSecond,
                maxLatencyMs,
                maxMemoryPercent,
                pauseLimitSeconds,
                include,
                exclude,
                rename,
                databases,
                expiry,
                ledger,
                retryOf,
                incremental,
                name);
    }

    /**
     * Whether keys are compared, which the method of the task must allow.
     *
     * @param taskMethod as the DCS API names it
     * @throws IllegalArgumentException with a sentence without its full stop when it does not
     */
    public void requireMethod(String taskMethod) {
        if (incremental == Incremental.KEYS && !taskMethod.equals("incremental_migration")) {
            throw new IllegalArgumentException("incremental keys goes with the method incremental_migration");
        }
    }

    /** How much goes to the target in a second, and how long others may wait for it. */
    public RateLimits limits() {
        return new RateLimits(maxKeysPerSecond, maxBytesPerSecond, maxLatencyMs);
    }

    /** How gently the target is treated. */
    Pace pace(Consumer<String> news) {
        return new Pace(limits(), maxMemoryPercent, Duration.ofSeconds(pauseLimitSeconds), news);
    }

    /** Which keys are imported, and what they are on the target. */
    public KeyRules rules() {
        return KeyOptions.rules(include, exclude, rename, databases, expiry);
    }

    /** Whether keys or commands are sent to the target, one by one. */
    boolean sendsKeys() {
        return !dryRun && method != DeliveryMethod.REPLICATION;
    }

    /** The route that each file takes. */
    public String fileRoute() {
        if (dryRun) {
            return "analyse-file";
        }
        return method == DeliveryMethod.REPLICATION ? "hand-over-file" : "import-file";
    }

    /**
     * Reads options as requests have them.
     *
     * @param requested by name, or null for none
     * @throws IllegalArgumentException with a sentence without its full stop when one is unknown or has a wrong value
     */
    public static ImportOptions of(Map<String, Object> requested) {
        return requested == null ? STANDARD : read(requested, ImportOptions.class);
    }

    /**
     * The options of a task that retries one with these: the same, but for what it asks for itself.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public ImportOptions retriedWith(Map<String, Object> requested) {
        Map<String, Object> all = new HashMap<>(STRICT.convertValue(this, new TypeReference<Map<String, Object>>() {}));
        if (Boolean.TRUE.equals(requested.get("dry_run"))) {
            all.remove("ledger"); // it has nothing to write there
        }
        all.remove("incremental"); // it compares whole backups
        all.remove("incremental_series");
        all.putAll(requested);
        return of(all);
    }

    /** As {@link #of}, for some of the options. */
    static <T> T read(Map<String, Object> requested, Class<T> options) {
        try {
            return STRICT.convertValue(requested, options);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(problem(e.getCause()), e);
        }
    }

    private static String problem(Throwable cause) {
        if (cause instanceof UnrecognizedPropertyException unknown) {
            return "there is no option " + place(unknown) + "; there are "
                    + new TreeSet<>(unknown.getKnownPropertyIds());
        }
        if (cause instanceof InvalidFormatException wrong
                && wrong.getTargetType().isEnum()) {
            return place(wrong) + " is one of " + names(wrong.getTargetType().getEnumConstants());
        }
        if (cause instanceof ValueInstantiationException wrong
                && wrong.getCause() instanceof IllegalArgumentException) {
            return wrong.getCause().getMessage();
        }
        return cause instanceof JsonMappingException wrong
                ? place(wrong) + " has a value of the wrong type"
                : "expected an object";
    }

    private static String place(JsonMappingException wrong) {
        return String.join(
                ".",
                wrong.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "" + step.getIndex() : step.getFieldName())
                        .toList());
    }

    private static List<String> names(Object[] constants) {
        return Stream.of(constants)
                .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                .toList();
    }
}
