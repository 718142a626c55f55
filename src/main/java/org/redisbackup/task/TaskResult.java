package org.redisbackup.task;

import java.io.Serializable;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.redisbackup.redis.ComparisonResult;
import org.redisbackup.redis.RestoreResult;

/**
 * The file results of a task as they come in. Adding the result of one file twice changes nothing.
 *
 * @param taskId of the task
 * @param attempt at importing it; results of different attempts don't mix
 * @param expected number of files that will report
 * @param files by {@code s3://bucket/key}
 * @param brokenOff whether the run was broken off: then no file that has not begun will report
 */
public record TaskResult(String taskId, int attempt, int expected, TreeMap<String, FileResult> files, boolean brokenOff)
        implements Serializable {
    /** What one file adds. */
    static TaskResult of(ImportRun run, FileResult file) {
        return new TaskResult(
                run.task().id(),
                run.attempt(),
                run.expectedFiles(),
                new TreeMap<>(Map.of(file.file(), file)),
                run.isBrokenOff());
    }

    /** A run was broken off and no file of it is being imported. */
    static TaskResult brokenOff(ImportRun run) {
        return new TaskResult(run.task().id(), run.attempt(), 0, new TreeMap<>(), true);
    }

    /** Results with the same key belong together. */
    public String key() {
        return taskId + ":" + attempt;
    }

    /** Both; when both have a result of one file, the other's counts. */
    public TaskResult plus(TaskResult other) {
        TreeMap<String, FileResult> all = new TreeMap<>(files);
        all.putAll(other.files);
        return new TaskResult(taskId, attempt, expected, all, brokenOff || other.brokenOff);
    }

    /** How far each file came. */
    Map<String, FileSnapshot> ends() {
        return files.values().stream().collect(Collectors.toMap(FileResult::file, FileResult::end));
    }

    /** Whether every file of the task has reported that will. */
    public boolean isComplete() {
        return brokenOff || files.size() >= expected;
    }

    /** What became of the keys of all files. */
    public RestoreResult total() {
        return files.values().stream().map(file -> file.end().result()).reduce(RestoreResult.NONE, RestoreResult::plus);
    }

    /**
     * Why the task failed: the first file that could not be read to its end, else the first key or function library
     * that did not reach the target, else the first key that differs there, with the counts.
     *
     * @return one sentence, or null when everything was imported
     */
    public String error() {
        RestoreResult total = total();
        String cause = files.values().stream()
                .map(file -> file.end().error())
                .filter(error -> error != null)
                .findFirst()
                .or(this::firstKeyFailure)
                .or(this::firstDifference)
                .orElse(null);
        return cause == null ? null : cause + " (" + counts(total) + differences() + ")";
    }

    private Optional<String> firstKeyFailure() {
        return files.values().stream()
                .filter(file -> !file.end().result().failures().isEmpty())
                .map(file ->
                        Sentences.of(file.file(), file.end().result().failures().get(0)))
                .findFirst();
    }

    private Optional<String> firstDifference() {
        return files.values().stream()
                .filter(file -> file.end().comparison().different() > 0)
                .map(file -> Sentences.of(
                        file.file(), file.end().comparison().differences().get(0)))
                .findFirst();
    }

    private String differences() {
        ComparisonResult all = comparison();
        return all.different() == 0 ? "" : "; " + all.different() + " of " + all.keys() + " keys compared differ";
    }

    /** Of all files that were compared with the target. */
    private ComparisonResult comparison() {
        return files.values().stream()
                .map(file -> file.end().comparison())
                .reduce(ComparisonResult.NONE, ComparisonResult::plus);
    }

    /** The counts in words. */
    static String counts(RestoreResult result) {
        return result.keys() + " keys read: " + result.imported() + " imported, " + result.replaced() + " replaced, "
                + result.skipped() + " skipped, " + result.expired() + " expired, "
                + (result.filtered() == 0 ? "" : result.filtered() + " filtered, ")
                + (result.unchanged() == 0 ? "" : result.unchanged() + " unchanged, ")
                + result.unsupported() + " unsupported, " + result.failed() + " failed"
                + unless0(result.failedFunctions(), " function libraries failed")
                + unless0(result.failedScripts(), " scripts failed")
                + unless0(result.deleted(), " keys deleted")
                + losses(result)
                + unless0(result.commands(), " commands executed")
                + unless0(result.failedCommands(), " commands failed");
    }

    private static String losses(RestoreResult result) {
        return result.losses().entrySet().stream()
                .map(loss -> unless0(
                        loss.getValue(), " keys came without " + loss.getKey().text()))
                .collect(Collectors.joining());
    }

    private static String unless0(long count, String what) {
        return count == 0 ? "" : "; " + count + what;
    }
}
