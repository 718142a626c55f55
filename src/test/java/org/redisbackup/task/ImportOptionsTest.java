package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.UnknownVersion;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.DeliveryMethod;
import org.redisbackup.redis.LossPolicy;
import org.redisbackup.redis.RateLimits;
import org.redisbackup.redis.rules.TtlPolicy;

class ImportOptionsTest {
    @Test
    void standsForTheContractWhenNothingIsSaid() {
        assertThat(ImportOptions.of(null)).isEqualTo(ImportOptions.STANDARD);
        assertThat(ImportOptions.of(Map.of())).isEqualTo(ImportOptions.STANDARD);
        assertThat(ImportOptions.STANDARD.conflictPolicy()).isEqualTo(ConflictPolicy.REPLACE);
    }

    @Test
    void readsOptions() {
        assertThat(ImportOptions.of(Map.of("conflict_policy", "skip")).conflictPolicy())
                .isEqualTo(ConflictPolicy.SKIP);
        assertThat(ImportOptions.of(Map.of("max_keys_per_second", 1, "max_bytes_per_second", 2, "max_latency_ms", 3))
                        .limits())
                .isEqualTo(new RateLimits(1, 2, 3));
    }

    @Test
    void saysWhatIsWrong() {
        assertWrong(
                Map.of("x", 1),
                "there is no option x; there are [conflict_policy, databases, dry_run, exclude, expiry,"
                        + " include, incremental, incremental_series, invalid_values, ledger, max_bytes_per_second, max_keys_per_second,"
                        + " max_latency_ms, max_memory_percent, method, on_loss, pause_limit_seconds, rename, replace_all, retry_of,"
                        + " unknown_version, verify, verify_first]");
        assertWrong(Map.of("conflict_policy", "maybe"), "conflict_policy is one of [replace, skip, fail]");
        assertWrong(
                Map.of("include", Map.of("keys", List.of("/(/"))),
                "/(/ is no regular expression: Unclosed group at character 2");
        assertWrong(
                Map.of("include", Map.of("types", List.of("blob"))),
                "types are of [array, hash, list, module, set, stream, string, zset]");
        assertWrong(
                Map.of("include", Map.of("key", "a")),
                "there is no option include.key; there are [databases, keys, types]");
        assertWrong(Map.of("databases", Map.of("a", 1)), "the database a is neither a number nor *");
        assertWrong(Map.of("databases", Map.of("1", -1)), "a database is 0 or a larger number");
        assertWrong(Map.of("expiry", Map.of("mode", "never")), "expiry.mode is one of [keep, shift, persist]");
        assertWrong(
                Map.of("expiry", Map.of("min_ttl_seconds", Long.MAX_VALUE)),
                "9223372036854775807 seconds are too many");
        assertWrong(
                Map.of("method", "replication", "conflict_policy", "skip"),
                "method replication hands over a file as it is: it goes with no other conflict_policy than replace, and"
                        + " without verify_first, max_keys_per_second, max_bytes_per_second, max_latency_ms, include, exclude, rename,"
                        + " databases and expiry");
        assertWrong(Map.of("dry_run", true, "ledger", Map.of()), "a dry run delivers nothing that a ledger could miss");
        String prefix = "the prefix of a ledger has 1 to 512 letters, digits, '-', '_', '.' and '/', and no part that"
                + " begins with '.'";
        for (String wrong : List.of("", "/", "a//b", "../a", "a/./", "${a}", "a b", "\u00e4", "a".repeat(512))) {
            assertWrong(Map.of("ledger", Map.of("prefix", wrong)), prefix);
        }
        assertWrong(Map.of("ledger", Map.of("bucket", " ")), "the bucket of a ledger has a name");
        assertWrong(Map.of("retry_of", "all"), "retry_of is the id of a task, 32 hexadecimal digits");
        String comparable = "incremental keys makes the target what the backup is, key by key: it goes with no other"
                + " conflict_policy than replace, and without method replication, dry_run, rename, databases and expiry";
        assertWrong(Map.of("incremental", "keys", "conflict_policy", "skip"), comparable);
        assertWrong(Map.of("incremental", "keys", "dry_run", true), comparable);
        assertWrong(Map.of("incremental", "keys", "method", "replication"), comparable);
        assertWrong(Map.of("incremental", "keys", "databases", Map.of("*", 0)), comparable);
        assertWrong(Map.of("incremental_series", "a"), "incremental_series goes with incremental keys");
        assertWrong(
                Map.of("incremental", "keys", "incremental_series", " "),
                "incremental_series has 1 to 256 characters, and no control characters");
        assertWrong(Map.of("dry_run", "yes"), "dry_run has a value of the wrong type");
        assertWrong(Map.of("max_keys_per_second", -1), "max_keys_per_second is 0 or more");
        assertWrong(Map.of("max_latency_ms", 60_001), "max_latency_ms is 0 to 60000");
        assertWrong(Map.of("max_memory_percent", 101), "max_memory_percent is 0 to 100");
        assertWrong(Map.of("pause_limit_seconds", Long.MAX_VALUE), "pause_limit_seconds is 0 to 604800");
        assertWrong(Map.of("conflict_policy", 1), "conflict_policy is one of [replace, skip, fail]");
        assertWrong(Map.of("conflict_policy", List.of("skip")), "conflict_policy has a value of the wrong type");
    }

    private static void assertWrong(Map<String, Object> options, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImportOptions.of(options))
                .withMessage(sentence);
    }

    @Test
    void aDryRunLeavesNothingToCompare() {
        assertWrong(Map.of("dry_run", true, "verify", "full"), "a dry run writes nothing that verify could compare");
    }

    @Test
    void aRetryHasTheOptionsOfTheTaskUnlessItSaysOtherwise() {
        String task = "0123456789abcdef0123456789abcdef";
        ImportOptions first = ImportOptions.of(Map.of(
                "conflict_policy", "skip", "rename", Map.of("add_prefix", "a"), "ledger", Map.of("prefix", "kept")));
        assertThat(first.retriedWith(Map.of("retry_of", task, "conflict_policy", "replace")))
                .isEqualTo(ImportOptions.of(Map.of(
                        "rename", Map.of("add_prefix", "a"), "ledger", Map.of("prefix", "kept/"), "retry_of", task)));
        assertThat(first.retriedWith(Map.of("retry_of", task, "dry_run", true)).ledger())
                .isNull();
    }

    @Test
    void isKeptInTheState() {
        ImportOptions skip = new ImportOptions(
                ConflictPolicy.SKIP,
                UnknownVersion.CONTINUE,
                ValidationPolicy.OFF,
                DeliveryMethod.COMMANDS,
                LossPolicy.DROP,
                true,
                true,
                false,
                Verification.SAMPLE,
                1000L,
                1_000_000L,
                20L,
                80,
                60L,
                new KeyOptions.Selection(List.of("a*"), null, List.of(1)),
                null,
                new KeyOptions.Rename("a", null),
                Map.of("*", 0),
                new KeyOptions.Expiry(TtlPolicy.Mode.SHIFT, true, 5L, null),
                new ImportOptions.Ledger("other", "a/b"),
                "0123456789abcdef0123456789abcdef",
                Incremental.FILES,
                null);
        assertThat(StateJson.read(StateJson.write(skip), ImportOptions.class)).isEqualTo(skip);
        assertThat(StateJson.read("{}", ImportOptions.class)).isEqualTo(ImportOptions.STANDARD);
    }
}
