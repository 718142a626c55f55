package org.redisbackup.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.redisbackup.redis.rules.DatabaseMap;
import org.redisbackup.redis.rules.KeyPattern;
import org.redisbackup.redis.rules.KeyRenaming;
import org.redisbackup.redis.rules.KeyRules;
import org.redisbackup.redis.rules.KeySelection;
import org.redisbackup.redis.rules.TtlPolicy;

/** The options that say which keys a task imports, as requests have them, and what they mean. */
final class KeyOptions {
    private static final String ALL_OTHERS = "*";
    private static final Set<String> TYPES =
            Set.of("string", "list", "set", "zset", "hash", "stream", "module", "array");

    private KeyOptions() {}

    /**
     * Keys of any of the patterns, of any of the types and in any of the databases. What is left out names all.
     *
     * @param keys globs, or regular expressions between slashes
     * @param types as the {@code TYPE} command says them; {@code module} for values of modules
     * @param databases of the backup
     */
    record Selection(List<String> keys, List<String> types, List<Integer> databases) {
        KeySelection meaning() {
            Set<String> wanted = Set.copyOf(types == null ? List.of() : types);
            if (!TYPES.containsAll(wanted)) {
                throw new IllegalArgumentException(
                        "types are of " + TYPES.stream().sorted().toList());
            }
            return new KeySelection(
                    (keys == null ? List.<String>of() : keys)
                            .stream().map(KeyPattern::parse).toList(),
                    wanted,
                    Set.copyOf(databases == null ? List.of() : databases));
        }
    }

    /** One prefix in place of another, as {@link KeyRenaming} has it. */
    record Rename(@JsonProperty("strip_prefix") String strip, @JsonProperty("add_prefix") String add) {
        KeyRenaming meaning() {
            return new KeyRenaming(strip == null ? "" : strip, add == null ? "" : add);
        }
    }

    /** When keys expire, as {@link TtlPolicy} has it. */
    record Expiry(
            TtlPolicy.Mode mode,
            @JsonProperty("revive_expired") Boolean revive,
            @JsonProperty("min_ttl_seconds") Long minimum,
            @JsonProperty("jitter_seconds") Long jitter) {
        private static final long SECOND = 1000;

        TtlPolicy meaning() {
            return new TtlPolicy(
                    mode == null ? TtlPolicy.Mode.KEEP : mode,
                    revive != null && revive,
                    millis(minimum),
                    millis(jitter));
        }

        private static long millis(Long seconds) {
            try {
                return seconds == null ? 0 : Math.multiplyExact(seconds, SECOND);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException(seconds + " seconds are too many", e);
            }
        }
    }

    /**
     * What the options mean together; null stands for one that is left out.
     *
     * @param databases of the backup to those of the target; {@code *} for all that are not named
     * @throws IllegalArgumentException with a sentence without its full stop when one has no meaning
     */
    static KeyRules rules(
            Selection include, Selection exclude, Rename rename, Map<String, Integer> databases, Expiry expiry) {
        return new KeyRules(
                include == null ? KeySelection.ALL : include.meaning(),
                exclude == null ? null : exclude.meaning(),
                rename == null ? KeyRenaming.NONE : rename.meaning(),
                databases == null ? DatabaseMap.SAME : map(databases),
                expiry == null ? TtlPolicy.KEEP : expiry.meaning());
    }

    private static DatabaseMap map(Map<String, Integer> databases) {
        Map<Integer, Integer> pairs = new HashMap<>();
        databases.forEach((from, to) -> {
            if (!from.equals(ALL_OTHERS)) {
                pairs.put(number(from), to);
            }
        });
        return new DatabaseMap(pairs, databases.get(ALL_OTHERS));
    }

    private static int number(String database) {
        try {
            return Integer.parseInt(database);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("the database " + database + " is neither a number nor *", e);
        }
    }
}
