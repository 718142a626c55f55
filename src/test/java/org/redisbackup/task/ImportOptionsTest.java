package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.UnknownVersion;
import org.redisbackup.rdb.ValidationPolicy;
import org.redisbackup.redis.ConflictPolicy;

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
    }

    @Test
    void saysWhatIsWrong() {
        assertWrong(
                Map.of("x", 1),
                "there is no option x; there are [conflict_policy, dry_run, invalid_values,"
                        + " unknown_version, verify_first]");
        assertWrong(Map.of("conflict_policy", "maybe"), "conflict_policy is one of [replace, skip, fail]");
        assertWrong(Map.of("dry_run", "yes"), "dry_run has a value of the wrong type");
        assertWrong(Map.of("conflict_policy", 1), "conflict_policy is one of [replace, skip, fail]");
        assertWrong(Map.of("conflict_policy", List.of("skip")), "conflict_policy has a value of the wrong type");
    }

    private static void assertWrong(Map<String, Object> options, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImportOptions.of(options))
                .withMessage(sentence);
    }

    @Test
    void isKeptInTheState() {
        ImportOptions skip =
                new ImportOptions(ConflictPolicy.SKIP, UnknownVersion.CONTINUE, ValidationPolicy.OFF, true, true);
        assertThat(StateJson.read(StateJson.write(skip), ImportOptions.class)).isEqualTo(skip);
        assertThat(StateJson.read("{}", ImportOptions.class)).isEqualTo(ImportOptions.STANDARD);
    }
}
