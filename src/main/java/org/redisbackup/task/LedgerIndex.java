package org.redisbackup.task;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.redisbackup.source.BackupFile;

/**
 * What the ledger of a task consists of: its last object to be written, as JSON.
 *
 * @param taskId whose ledger it is
 * @param complete whether the task has ended, and every failure is in the ledger
 * @param reason why the task failed, or null
 * @param retried the ledger whose failures the task retried, or null
 * @param files of the task, sorted by name; none when they were not found
 */
record LedgerIndex(String taskId, boolean complete, String reason, LedgerPlace retried, List<LedgerIndex.File> files) {
    /** How a file ended. */
    enum Outcome {
        /** It was read to its end; keys of it may have failed. */
        IMPORTED,
        /** It was not. */
        FAILED,
        /** The task was stopped before the file's end was reached. */
        STOPPED
    }

    /**
     * One file.
     *
     * @param backup the version that was read
     * @param reason why it was not read to its end, or null
     * @param failed keys, function libraries, scripts and commands that failed
     * @param unsupported keys of a kind that the target does not take
     * @param objects of the ledger that name them
     * @param problem why the objects do not name all of them, or null
     */
    record File(
            BackupFile backup,
            Outcome outcome,
            String reason,
            long failed,
            long unsupported,
            List<Objects> objects,
            String problem) {
        /** Whether something of it did not reach the target. */
        boolean lacksSomething() {
            return outcome != Outcome.IMPORTED || failed + unsupported > 0;
        }

        /** Keys of all objects, in the order in which they were written. */
        Stream<String> keys() {
            return objects.stream().flatMap(Objects::keys);
        }
    }

    /**
     * Objects with consecutive numbers.
     *
     * @param first key of the first, which ends in its number
     * @param count how many there are
     */
    record Objects(String first, int count) {
        private static final String FIRST = "000001.jsonl";

        Stream<String> keys() {
            String stem = first.substring(0, first.length() - FIRST.length());
            return IntStream.rangeClosed(1, count).mapToObj(number -> "%s%06d.jsonl".formatted(stem, number));
        }
    }

    Optional<File> file(String uri) {
        return files.stream().filter(file -> file.backup().uri().equals(uri)).findFirst();
    }
}
