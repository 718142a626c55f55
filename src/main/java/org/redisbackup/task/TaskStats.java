package org.redisbackup.task;

import java.time.Duration;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.redisbackup.redis.ComparisonResult;
import org.redisbackup.redis.OutcomeCounts;
import org.redisbackup.redis.RestoreResult;

/**
 * How far a task is.
 *
 * @param bytesRead of all its files, 0 to {@code bytesTotal}
 * @param bytesTotal size of all its files; 0 until they are listed
 * @param result what became of the keys so far
 * @param comparison of the files that were compared with the target after their import
 * @param paused why the import pauses, one sentence without its full stop; null when it does not
 * @param elapsed from creation until now or until it finished
 */
public record TaskStats(
        TaskStatus status,
        long bytesRead,
        long bytesTotal,
        RestoreResult result,
        ComparisonResult comparison,
        String paused,
        Duration elapsed) {
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

    public long filtered() {
        return result.filtered();
    }

    public long unchanged() {
        return result.unchanged();
    }

    /** Keys of the target that the backup holds no more. */
    public long deleted() {
        return result.deleted();
    }

    public long unsupported() {
        return result.unsupported();
    }

    public long failed() {
        return result.failed();
    }

    /** The keys of each value type, by how they ended: {@code {"hash": {"imported": 3}}}. */
    public SortedMap<String, SortedMap<String, Long>> keysByType() {
        return named(result.byType());
    }

    /** The keys of each database of the backup, by how they ended. */
    public SortedMap<Integer, SortedMap<String, Long>> keysByDatabase() {
        return named(result.byDatabase());
    }

    private static <K> SortedMap<K, SortedMap<String, Long>> named(SortedMap<K, OutcomeCounts> counts) {
        SortedMap<K, SortedMap<String, Long>> named = new TreeMap<>();
        counts.forEach((key, count) -> named.put(key, named(count)));
        return named;
    }

    private static SortedMap<String, Long> named(OutcomeCounts counts) {
        SortedMap<String, Long> named = new TreeMap<>();
        counts.nonZero().forEach((outcome, count) -> named.put(outcome.name().toLowerCase(Locale.ROOT), count));
        return named;
    }

    /** Imported keys that arrived without something that the target or the way there can't hold, by what it is. */
    public SortedMap<String, Long> losses() {
        SortedMap<String, Long> named = new TreeMap<>();
        result.losses().forEach((loss, count) -> named.put(loss.name().toLowerCase(Locale.ROOT), count));
        return named;
    }

    /** Function libraries loaded. */
    public long functions() {
        return result.functions();
    }

    /** Function libraries that the target refused. */
    public long failedFunctions() {
        return result.failedFunctions();
    }

    /** Lua scripts loaded. */
    public long scripts() {
        return result.scripts();
    }

    /** Lua scripts that the target refused. */
    public long failedScripts() {
        return result.failedScripts();
    }

    /** Commands of append-only files that the target executed. */
    public long commands() {
        return result.commands();
    }

    /** Commands of append-only files that were not executed. */
    public long failedCommands() {
        return result.failedCommands();
    }

    /** Keys that were compared with the target after their import. */
    public long verifiedKeys() {
        return comparison.keys();
    }

    /** Of them, those that are not on the target as the backup has them. */
    public long differentKeys() {
        return comparison.different();
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
