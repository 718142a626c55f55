package org.redisbackup.task;

import java.util.List;
import java.util.Locale;
import org.redisbackup.redis.KeyFailure;
import org.redisbackup.redis.RestoreResult;

/**
 * A file of which something did not reach the target.
 *
 * @param file {@code s3://bucket/key}
 * @param error why it was not read to its end, or null
 * @param failed keys, function libraries, scripts and commands
 * @param unsupported keys
 * @param failures the first {@value RestoreResult#MAX_FAILURES} of both
 */
public record MissingFile(String file, String error, long failed, long unsupported, List<MissingFile.Key> failures) {
    /**
     * One key, function library, script or command.
     *
     * @param dump as {@link KeyFailure#dump} says it
     * @param database of the backup; null where there is none
     * @param type as {@link KeyFailure#type} says it
     * @param key fit to be shown
     * @param offset of the record or command in the dump; null where there is none
     * @param outcome {@code failed} or {@code unsupported}
     * @param reason one sentence
     */
    public record Key(
            String dump, Integer database, String type, String key, Long offset, String outcome, String reason) {
        static Key of(KeyFailure failure) {
            boolean placed = failure.offset() != KeyFailure.NOWHERE;
            return new Key(
                    failure.dump(),
                    placed ? failure.db() : null,
                    failure.type(),
                    failure.key(),
                    placed ? failure.offset() : null,
                    failure.outcome().name().toLowerCase(Locale.ROOT),
                    failure.reason());
        }
    }

    static MissingFile of(String uri, FileSnapshot file) {
        RestoreResult result = file.result();
        return new MissingFile(
                uri,
                file.error(),
                failed(result),
                result.unsupported(),
                result.failures().stream().map(Key::of).toList());
    }

    /** All that failed: keys, function libraries, scripts and commands. */
    static long failed(RestoreResult result) {
        return result.failed() + result.failedFunctions() + result.failedScripts() + result.failedCommands();
    }

    /** Whether nothing is missing after all. */
    boolean isWhole() {
        return error == null && failed + unsupported == 0;
    }
}
