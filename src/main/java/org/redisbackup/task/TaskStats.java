package org.redisbackup.task;

import java.time.Duration;
import org.redisbackup.redis.RestoreResult;

/**
 * How far a task is.
 *
 * @param bytesRead of all its files, 0 to {@code bytesTotal}
 * @param bytesTotal size of all its files; 0 until they are listed
 * @param result what became of the keys so far
 * @param elapsed from creation until now or until it finished
 */
public record TaskStats(TaskStatus status, long bytesRead, long bytesTotal, RestoreResult result, Duration elapsed) {
    /** 0 to 100; 100 only for a task that succeeded. */
    public int percent() {
        if (status == TaskStatus.SUCCESS) {
            return 100;
        }
        return bytesTotal == 0 ? 0 : (int) Math.min(99, bytesRead * 100 / bytesTotal);
    }

    /** Keys read from the files. */
    public long keys() {
        return result.keys();
    }

    public long imported() {
        return result.imported();
    }

    public long replaced() {
        return result.replaced();
    }

    public long skipped() {
        return result.skipped();
    }

    public long expired() {
        return result.expired();
    }

    public long unsupported() {
        return result.unsupported();
    }

    public long failed() {
        return result.failed();
    }

    /** Function libraries loaded. */
    public long functions() {
        return result.functions();
    }

    /** Function libraries that the target refused. */
    public long failedFunctions() {
        return result.failedFunctions();
    }

    /** Commands of append-only files that the target executed. */
    public long commands() {
        return result.commands();
    }

    /** Commands of append-only files that were not executed. */
    public long failedCommands() {
        return result.failedCommands();
    }

    /** Average keys a second, over the whole task. */
    public long keysPerSecond() {
        return perSecond(result.keys());
    }

    /** Average KiB a second that the target acknowledged, over the whole task. */
    public long kibibytesPerSecond() {
        return perSecond(result.bytes()) / 1024;
    }

    private long perSecond(long amount) {
        return Math.round(amount / Math.max(0.001, elapsed.toMillis() / 1000.0));
    }
}
