package org.redisbackup.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Loss;

/** Counts how the keys of one part of a batch end, each once. */
final class Tally {
    private final BatchPart part;
    private final KeyBatch batch;
    private final boolean[] settled;

    /** By record: how it ended; null also when another tally counts it. */
    private final KeyOutcome[] ends;

    private final List<KeyFailure> failures = new ArrayList<>(0);
    private final SortedMap<Loss, Long> losses = new TreeMap<>();
    private long imported;
    private long existing;
    private int unsettled;
    private long functions;
    private long failedFunctions;
    private long scripts;
    private long failedScripts;
    private long bytes;
    private int newest = -1;

    Tally(BatchPart part) {
        this.part = part;
        batch = part.batch();
        settled = new boolean[batch.size()];
        ends = new KeyOutcome[batch.size()];
        unsettled = part.size();
    }

    boolean isSettled(int i) {
        return settled[i];
    }

    /** Keys that have not ended yet. */
    int unsettled() {
        return unsettled;
    }

    /** The key is counted by another one, which settles it. */
    void handOver(int i) {
        settled[i] = true;
        unsettled--;
    }

    /** The target acknowledged the key. */
    void delivered(int i, KeyOutcome outcome) {
        bytes += batch.keyLength(i) + batch.valueLength(i);
        newest = i;
        settle(i, outcome);
    }

    /** The record that the target acknowledged last, or -1. */
    int newest() {
        return newest;
    }

    /** A key that was delivered arrived without something. */
    void lost(Loss loss) {
        losses.merge(loss, 1L, Long::sum);
    }

    /** The key was left alone on purpose. */
    void settle(int i, KeyOutcome outcome) {
        settled[i] = true;
        ends[i] = outcome;
        imported += outcome == KeyOutcome.IMPORTED ? 1 : 0;
        existing += outcome == KeyOutcome.REPLACED || outcome == KeyOutcome.SKIPPED ? 1 : 0;
        unsettled--;
    }

    /** The key did not reach the target. */
    void fail(int i, KeyOutcome outcome, String reason) {
        settle(i, outcome);
        failures.add(KeyFailure.ofKey(outcome, batch, i, reason));
    }

    /** Every key that has not ended yet did not reach the target. */
    void failTheRest(String reason) {
        for (int position = 0; position < part.size(); position++) {
            if (!isSettled(part.record(position))) {
                fail(part.record(position), KeyOutcome.FAILED, reason);
            }
        }
    }

    /** Whether more keys were on the target before than were new. */
    boolean mostlyOccupied() {
        return existing > imported;
    }

    /** Function libraries and scripts are loaded again, and counted then. */
    void forgetCode() {
        functions = 0;
        failedFunctions = 0;
        scripts = 0;
        failedScripts = 0;
        failures.clear();
    }

    void functionLoaded() {
        functions++;
    }

    void functionFailed(byte[] code, String reason) {
        failedFunctions++;
        failures.add(KeyFailure.ofFunction(batch, code, reason));
    }

    void scriptLoaded() {
        scripts++;
    }

    void scriptFailed(byte[] code, String reason) {
        failedScripts++;
        failures.add(KeyFailure.ofScript(batch, code, reason));
    }

    RestoreResult result() {
        OutcomeCounter all = new OutcomeCounter();
        SortedMap<String, OutcomeCounter> byType = new TreeMap<>();
        SortedMap<Integer, OutcomeCounter> byDatabase = new TreeMap<>();
        for (int position = 0; position < part.size(); position++) {
            int i = part.record(position);
            if (ends[i] != null) {
                all.count(ends[i]);
                counter(byType, batch.type(i).logicalName()).count(ends[i]);
                counter(byDatabase, batch.storedDb(i)).count(ends[i]);
            }
        }
        return new RestoreResult(
                all.counts(),
                counts(byType),
                counts(byDatabase),
                functions,
                failedFunctions,
                scripts,
                failedScripts,
                0,
                0,
                0,
                losses(),
                bytes,
                failures);
    }

    private static <K> OutcomeCounter counter(SortedMap<K, OutcomeCounter> counters, K key) {
        return counters.computeIfAbsent(key, unseen -> new OutcomeCounter());
    }

    private static <K> SortedMap<K, OutcomeCounts> counts(SortedMap<K, OutcomeCounter> counters) {
        SortedMap<K, OutcomeCounts> counts = new TreeMap<>();
        counters.forEach((key, counter) -> counts.put(key, counter.counts()));
        return counts;
    }

    private SortedMap<Loss, Long> losses() {
        SortedMap<Loss, Long> all = new TreeMap<>(losses);
        if (batch.keysWithMetadata() > 0) {
            all.put(Loss.MODULE_METADATA, (long) batch.keysWithMetadata());
        }
        return all;
    }
}
