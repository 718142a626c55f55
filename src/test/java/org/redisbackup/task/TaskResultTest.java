package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.redisbackup.redis.KeyFailure;
import org.redisbackup.redis.KeyOutcome;
import org.redisbackup.redis.OutcomeCounts;
import org.redisbackup.redis.RestoreResult;

class TaskResultTest {
    private static final RestoreResult TEN =
            RestoreResult.ofKeys(new OutcomeCounts(7, 2, 0, 1, 0, 0, 0, 0), 500, List.of());

    private static TaskResult of(String file, RestoreResult result, String error) {
        return new TaskResult(
                "task",
                1,
                2,
                new TreeMap<>(Map.of(file, new FileResult(file, new FileSnapshot(500, 500, result, null, error)))),
                false);
    }

    @Test
    void isCompleteWhenEveryFileHasReported() {
        TaskResult one = of("a", TEN, null);
        assertThat(one.isComplete()).isFalse();
        assertThat(one.plus(of("b", TEN, null)).isComplete()).isTrue();
    }

    @Test
    void theSameFileTwiceCountsOnce() {
        TaskResult one = of("a", TEN, null);
        assertThat(one.plus(one)).isEqualTo(one);
    }

    @Test
    void anyOrderGivesTheSame() {
        TaskResult a = of("a", TEN, null);
        TaskResult b = of("b", TEN, "b: broken");
        assertThat(a.plus(b)).isEqualTo(b.plus(a));
        assertThat(a.plus(b).total().keys()).isEqualTo(20);
    }

    @Test
    void noErrorMeansSuccess() {
        assertThat(of("a", TEN, null).error()).isNull();
    }

    @Test
    void theFirstFailedFileIsNamedWithAllCounts() {
        assertThat(of("a", TEN, null).plus(of("b", TEN, "b: broken")).error())
                .isEqualTo("b: broken (20 keys read: 14 imported, 4 replaced, 0 skipped, 2 expired, 0 unsupported,"
                        + " 0 failed)");
    }

    @Test
    void aKeyThatFailedIsNamed() {
        KeyFailure failure =
                new KeyFailure(null, KeyOutcome.UNSUPPORTED, 3, "k", "k", "module", 42, "the module is missing.");
        RestoreResult result = RestoreResult.ofKeys(new OutcomeCounts(1, 0, 0, 0, 0, 0, 1, 0), 10, List.of(failure));
        assertThat(of("s3://b/a.rdb", result, null).error())
                .isEqualTo(
                        "s3://b/a.rdb: module \"k\" of database 3 (at byte 42) was not imported: the module is missing"
                                + " (2 keys read: 1 imported, 0 replaced, 0 skipped, 0 expired, 1 unsupported, 0 failed)");
    }

    @Test
    void aFunctionLibraryThatFailedIsNamed() {
        KeyFailure failure = new KeyFailure(
                null,
                KeyOutcome.FAILED,
                KeyFailure.NOWHERE,
                "lib",
                null,
                KeyFailure.FUNCTION,
                KeyFailure.NOWHERE,
                "it exists");
        RestoreResult result = new RestoreResult(
                OutcomeCounts.of(KeyOutcome.IMPORTED, 1), null, null, 0, 1, 0, 0, 0, 0, 0, null, 10, List.of(failure));
        assertThat(of("s3://b/a.rdb", result, null).error())
                .isEqualTo("s3://b/a.rdb: function library \"lib\" was not loaded: it exists (1 keys read: 1 imported,"
                        + " 0 replaced, 0 skipped, 0 expired, 0 unsupported, 0 failed; 1 function libraries failed)");
    }
}
