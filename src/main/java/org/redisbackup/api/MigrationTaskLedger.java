package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.redisbackup.task.LedgerPlace;
import org.redisbackup.task.LedgerSummary;
import org.redisbackup.task.MissingFile;

/**
 * Answer of ShowMigrationTaskLedger.
 *
 * @param ledger where all of it is written, or null when the task keeps no ledger
 * @param fileNum how many files there are of which something did not reach the target
 * @param files a page of them
 */
record MigrationTaskLedger(
        @JsonProperty("task_id") String taskId,
        @JsonProperty("ledger") Ledger ledger,
        @JsonProperty("file_num") int fileNum,
        @JsonProperty("files") List<MissingFile> files) {
    /** An object of a bucket that names the objects of the ledger. */
    record Ledger(
            @JsonProperty("bucket_name") String bucketName,
            @JsonProperty("object") String object,
            @JsonProperty("complete") boolean complete,
            @JsonProperty("problem") String problem) {}

    static MigrationTaskLedger of(String taskId, LedgerSummary summary, int offset, int limit) {
        LedgerPlace place = summary.place();
        return new MigrationTaskLedger(
                taskId,
                place == null ? null : new Ledger(place.bucket(), place.index(), summary.complete(), summary.problem()),
                summary.files().size(),
                summary.files().stream().skip(offset).limit(limit).toList());
    }
}
