package org.redisbackup.task;

import java.util.List;
import java.util.SortedMap;

/**
 * What did not reach the target, as far as it is known: the ledger of a task in short, also of one that keeps none.
 *
 * @param place of the ledger in a bucket, or null when the task keeps none
 * @param complete whether the ledger there is, once and for all
 * @param problem why it is not, as one sentence, or null
 * @param files of which something did not reach the target, sorted by name
 */
public record LedgerSummary(LedgerPlace place, boolean complete, String problem, List<MissingFile> files) {
    static LedgerSummary of(TaskState state, SortedMap<String, FileSnapshot> files, String problem) {
        LedgerPlace place = LedgerPlace.of(state.task());
        return new LedgerSummary(
                place,
                place != null && problem == null && state.status().isFinished(),
                problem,
                files.entrySet().stream()
                        .map(file -> MissingFile.of(file.getKey(), file.getValue()))
                        .filter(file -> !file.isWhole())
                        .toList());
    }
}
