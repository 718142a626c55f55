package org.redisbackup.redis;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of the keys of a batch, a file or a task: the counts add up to the keys that were read. Merging with
 * {@link #plus} is associative and {@link #NONE} is its neutral element.
 *
 * @param imported keys that were not on the target before
 * @param replaced keys that were, and whose value the backup's took the place of
 * @param skipped keys that the conflict policy left alone
 * @param expired keys whose time was over when they would have been sent
 * @param unsupported keys of a type that the target does not know
 * @param failed keys that the target refused, that were too large, or whose answer never came
 * @param functions function libraries loaded
 * @param failedFunctions function libraries that the target refused; they count as no key, but each is among the failures
 * @param scripts Lua scripts loaded
 * @param failedScripts Lua scripts that the target refused; no keys either, and each among the failures
 * @param commands of an append-only file that the target executed
 * @param failedCommands commands that it refused, or whose answer never came; no keys either, and each among the failures
 * @param strippedKeys keys, counted above, that arrived without the metadata that modules had attached to them
 * @param bytes of keys, values and commands that the target acknowledged
 * @param failures the first {@value #MAX_FAILURES} unsupported or failed keys, libraries, scripts and commands
 */
public record RestoreResult(
        long imported,
        long replaced,
        long skipped,
        long expired,
        long unsupported,
        long failed,
        long functions,
        long failedFunctions,
        long scripts,
        long failedScripts,
        long commands,
        long failedCommands,
        long strippedKeys,
        long bytes,
        List<KeyFailure> failures)
        implements Serializable {
    /** How many failures a result names; it counts all of them. */
    public static final int MAX_FAILURES = 100;

    public static final RestoreResult NONE = new RestoreResult(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

    public RestoreResult {
        failures = List.copyOf(failures);
    }

    /** Of a batch of commands. */
    static RestoreResult ofCommands(long executed, long failed, long bytes, List<KeyFailure> failures) {
        return new RestoreResult(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, executed, failed, 0, bytes, failures);
    }

    /** All keys that ended, in whatever way. */
    public long keys() {
        return imported + replaced + skipped + expired + unsupported + failed;
    }

    public RestoreResult plus(RestoreResult other) {
        List<KeyFailure> both = new ArrayList<>(failures);
        other.failures.stream().limit(MAX_FAILURES - both.size()).forEach(both::add);
        return new RestoreResult(
                imported + other.imported,
                replaced + other.replaced,
                skipped + other.skipped,
                expired + other.expired,
                unsupported + other.unsupported,
                failed + other.failed,
                functions + other.functions,
                failedFunctions + other.failedFunctions,
                scripts + other.scripts,
                failedScripts + other.failedScripts,
                commands + other.commands,
                failedCommands + other.failedCommands,
                strippedKeys + other.strippedKeys,
                bytes + other.bytes,
                both);
    }
}
