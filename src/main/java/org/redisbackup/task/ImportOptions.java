package org.redisbackup.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.redisbackup.rdb.UnknownVersion;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.LossPolicy;
import org.redisbackup.redis.rules.KeyRules;

/**
 * How a task imports, where the DCS API leaves no choice. The names are those of {@code import_options} in a request.
 *
 * @param conflictPolicy what happens to keys that the target already holds
 * @param unknownVersion what happens to a file of a newer version than those that are known
 * @param invalidValues what happens to values that a server would refuse, or come to harm by
 * @param method how values reach the target
 * @param replaceAll whether the target may lose all keys that it holds to {@link Method#REPLICATION}
 * @param onLoss what happens to keys of which the target can't be given something
 * @param verifyFirst whether each file is read to its end, which checks it, before its first key is written
 * @param dryRun whether the files are only read, for a report of what they hold
 * @param verify how the target is compared with each file after its import
 * @param include which keys are imported
 * @param exclude which of them are not
 * @param rename how keys are called on the target
 * @param databases of the backup to those of the target
 * @param expiry when keys expire
 */
public record ImportOptions(
        @JsonProperty("conflict_policy") ConflictPolicy conflictPolicy,
        @JsonProperty("unknown_version") UnknownVersion unknownVersion,
        @JsonProperty("invalid_values") ValidationPolicy invalidValues,
        @JsonProperty("method") Method method,
        @JsonProperty("on_loss") LossPolicy onLoss,
        @JsonProperty("replace_all") Boolean replaceAll,
        @JsonProperty("verify_first") Boolean verifyFirst,
        @JsonProperty("dry_run") Boolean dryRun,
        @JsonProperty("verify") Verification verify,
        KeyOptions.Selection include,
        KeyOptions.Selection exclude,
        KeyOptions.Rename rename,
        Map<String, Integer> databases,
        KeyOptions.Expiry expiry) {
    /** How values reach the target. */
    public enum Method {
        /** By {@code RESTORE} or {@code SET}, and by commands where that is not possible. */
        RESTORE,
        /** By commands, even where {@code RESTORE} would do. */
        COMMANDS,
        /** One RDB file takes the place of everything that the target holds, which loads it as a replica of the service. */
        REPLICATION
    }

    /** What the DCS API promises, and the safest where it is silent. */
    public static final ImportOptions STANDARD =
            new ImportOptions(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

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
        method = method == null ? Method.RESTORE : method;
        onLoss = onLoss == null ? LossPolicy.KEEP : onLoss;
        replaceAll = replaceAll != null && replaceAll;
        verifyFirst = verifyFirst != null && verifyFirst;
        dryRun = dryRun != null && dryRun;
        verify = verify == null ? Verification.NONE : verify;
        if (dryRun && verify != Verification.NONE) {
            throw new IllegalArgumentException("a dry run writes nothing that verify could compare");
        }
        databases = databases == null ? null : Map.copyOf(databases);
        KeyRules rules = KeyOptions.rules(include, exclude, rename, databases, expiry); // throws what is wrong
        boolean whole = rules.changesNothing() && conflictPolicy == ConflictPolicy.REPLACE && !verifyFirst;
        if (method == Method.REPLICATION && !whole) {
            throw new IllegalArgumentException("method replication hands over a file as it is: it goes with no other"
                    + " conflict_policy than replace, and without verify_first, include, exclude, rename, databases"
                    + " and expiry");
        }
    }

    /** Which keys are imported, and what they are on the target. */
    public KeyRules rules() {
        return KeyOptions.rules(include, exclude, rename, databases, expiry);
    }

    /** The route that each file takes. */
    public String fileRoute() {
        if (dryRun) {
            return "analyse-file";
        }
        return method == Method.REPLICATION ? "hand-over-file" : "import-file";
    }

    /**
     * Reads options as requests have them.
     *
     * @param requested by name, or null for none
     * @throws IllegalArgumentException with a sentence without its full stop when one is unknown or has a wrong value
     */
    public static ImportOptions of(Map<String, Object> requested) {
        try {
            return requested == null ? STANDARD : STRICT.convertValue(requested, ImportOptions.class);
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
