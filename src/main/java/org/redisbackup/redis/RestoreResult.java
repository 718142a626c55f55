package org.redisbackup.redis;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import org.redisbackup.rdb.Loss;

/**
 * What became of the keys of a batch, a file or a task: the counts add up to the keys that were read. Merging with
 * {@link #plus} is associative and {@link #NONE} is its neutral element.
 *
 * @param counts of all keys
 * @param byType the same keys by the logical type of their values: {@code string}, {@code hash} and so on
 * @param byDatabase the same keys by their database in the backup
 * @param functions function libraries loaded
 * @param failedFunctions function libraries that the target refused; they count as no key, but each is among the failures
 * @param scripts Lua scripts loaded
 * @param failedScripts Lua scripts that the target refused; no keys either, and each among the failures
 * @param commands of an append-only file that the target executed
 * @param failedCommands commands that it refused, or whose answer never came; no keys either, and each among the failures
 * @param deleted keys of the target that the backup holds no more; they count as no key of it
 * @param losses how many of the keys counted above arrived without something
 * @param bytes of keys, values and commands that the target acknowledged
 * @param failures unsupported or failed keys, libraries, scripts and commands: of a batch all, of a sum the first
 *     {@value #MAX_FAILURES}, without their exact keys
 */
public record RestoreResult(
        OutcomeCounts counts,
        SortedMap<String, OutcomeCounts> byType,
        SortedMap<Integer, OutcomeCounts> byDatabase,
        long functions,
        long failedFunctions,
        long scripts,
        long failedScripts,
        long commands,
        long failedCommands,
        long deleted,
        SortedMap<Loss, Long> losses,
        long bytes,
        List<KeyFailure> failures)
        implements Serializable {
    /** How many failures a sum names; it counts all of them. */
    public static final int MAX_FAILURES = 100;

    public static final RestoreResult NONE = ofKeys(OutcomeCounts.NONE, 0, List.of());

    public RestoreResult {
        counts = counts == null ? OutcomeCounts.NONE : counts;
        byType = byType == null ? new TreeMap<>() : byType;
        byDatabase = byDatabase == null ? new TreeMap<>() : byDatabase;
        losses = losses == null ? new TreeMap<>() : losses;
        failures = List.copyOf(failures);
    }

    /** Of keys about which nothing more is known. */
    public static RestoreResult ofKeys(OutcomeCounts counts, long bytes, List<KeyFailure> failures) {
        return new RestoreResult(counts, null, null, 0, 0, 0, 0, 0, 0, 0, null, bytes, failures);
    }

    /** Of a batch of commands. */
    static RestoreResult ofCommands(long executed, long failed, long bytes, List<KeyFailure> failures) {
        return new RestoreResult(null, null, null, 0, 0, 0, 0, executed, failed, 0, null, bytes, failures);
    }

    /** Of keys that the target had and the backup has no more. */
    public static RestoreResult ofDeleted(long keys) {
        return new RestoreResult(null, null, null, 0, 0, 0, 0, 0, 0, keys, null, 0, List.of());
    }

    /** All keys that ended, in whatever way. */
    public long keys() {
        return counts.total();
    }

    /** Keys that were not on the target before. */
    public long imported() {
        return counts.imported();
    }

    /** Keys that were on the target before, and whose value the backup's took the place of. */
    public long replaced() {
        return counts.replaced();
    }

    /** Keys that the conflict policy left alone. */
    public long skipped() {
        return counts.skipped();
    }

    /** Keys whose time was over when they would have been sent. */
    public long expired() {
        return counts.expired();
    }

    /** Keys that were not to be imported. */
    public long filtered() {
        return counts.filtered();
    }

    /** Keys that were not sent, because an earlier import brought the same value. */
    public long unchanged() {
        return counts.unchanged();
    }

    /** Keys of a type that the target does not know. */
    public long unsupported() {
        return counts.unsupported();
    }

    /** Keys that the target refused, that were too large, or whose answer never came. */
    public long failed() {
        return counts.failed();
    }

    public RestoreResult plus(RestoreResult other) {
        return plus(
                other,
                Stream.concat(failures.stream(), other.failures.stream())
                        .limit(MAX_FAILURES)
                        .map(KeyFailure::withoutExactKey)
                        .toList());
    }

    /** Both parts of a batch. */
    RestoreResult plusPart(RestoreResult other) {
        return plus(
                other, Stream.concat(failures.stream(), other.failures.stream()).toList());
    }

    private RestoreResult plus(RestoreResult other, List<KeyFailure> both) {
        return new RestoreResult(
                counts.plus(other.counts),
                merged(byType, other.byType, OutcomeCounts::plus),
                merged(byDatabase, other.byDatabase, OutcomeCounts::plus),
                functions + other.functions,
                failedFunctions + other.failedFunctions,
                scripts + other.scripts,
                failedScripts + other.failedScripts,
                commands + other.commands,
                failedCommands + other.failedCommands,
                deleted + other.deleted,
                merged(losses, other.losses, Long::sum),
                bytes + other.bytes,
                both);
    }

    private static <K, V> SortedMap<K, V> merged(SortedMap<K, V> one, SortedMap<K, V> other, BinaryOperator<V> sum) {
        SortedMap<K, V> both = new TreeMap<>(one);
        other.forEach((key, value) -> both.merge(key, value, sum));
        return both;
    }
}
