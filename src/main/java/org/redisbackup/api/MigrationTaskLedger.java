package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.redisbackup.redis.KeyFailure;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.task.FileResult;
import org.redisbackup.task.LedgerPlace;
import org.redisbackup.task.LedgerSummary;

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
        @JsonProperty("files") List<File> files) {
    /** An object of a bucket that names the objects of the ledger. */
    record Ledger(
            @JsonProperty("bucket_name") String bucketName,
            @JsonProperty("object") String object,
            @JsonProperty("complete") boolean complete,
            @JsonProperty("problem") String problem) {}

    /**
     * One file.
     *
     * @param failed keys, function libraries, scripts and commands
     * @param failures the first of them
     */
    record File(
            @JsonProperty("file") String file,
            @JsonProperty("error") String error,
            @JsonProperty("failed") long failed,
            @JsonProperty("unsupported") long unsupported,
            @JsonProperty("failures") List<Failure> failures) {}

    /** One key, function library, script or command. */
    record Failure(
            @JsonProperty("dump") String dump,
            @JsonProperty("database") Integer database,
            @JsonProperty("type") String type,
            @JsonProperty("key") String key,
            @JsonProperty("offset") Long offset,
            @JsonProperty("outcome") String outcome,
            @JsonProperty("reason") String reason) {}

    static MigrationTaskLedger of(String taskId, LedgerSummary summary, int offset, int limit) {
        LedgerPlace place = summary.place();
        return new MigrationTaskLedger(
                taskId,
                place == null ? null : new Ledger(place.bucket(), place.index(), summary.complete(), summary.problem()),
                summary.files().size(),
                summary.files().stream()
                        .skip(offset)
                        .limit(limit)
                        .map(MigrationTaskLedger::file)
                        .toList());
    }

    private static File file(FileResult file) {
        RestoreResult result = file.end().result();
        return new File(
                file.file(),
                file.end().error(),
                result.failed() + result.failedFunctions() + result.failedScripts() + result.failedCommands(),
                result.unsupported(),
                result.failures().stream().map(MigrationTaskLedger::failure).toList());
    }

    private static Failure failure(KeyFailure failure) {
        boolean placed = failure.offset() != KeyFailure.NOWHERE;
        return new Failure(
                failure.dump(),
                placed ? failure.db() : null,
                failure.type(),
                failure.key(),
                placed ? failure.offset() : null,
                failure.outcome().name().toLowerCase(Locale.ROOT),
                failure.reason());
    }
}
