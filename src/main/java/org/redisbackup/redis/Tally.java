package org.redisbackup.redis;

import java.util.ArrayList;
import java.util.List;
import org.redisbackup.rdb.KeyBatch;

/** Counts how the keys of one part of a batch end, each once. */
final class Tally {
    private final BatchPart part;
    private final KeyBatch batch;
    private final boolean[] settled;
    private final List<KeyFailure> failures = new ArrayList<>(0);
    private int unsettled;
    private long imported;
    private long replaced;
    private long skipped;
    private long expired;
    private long unsupported;
    private long failed;
    private long functions;
    private long failedFunctions;
    private long scripts;
    private long failedScripts;
    private long bytes;

    Tally(BatchPart part) {
        this.part = part;
        batch = part.batch();
        settled = new boolean[batch.size()];
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
        settle(i, outcome);
    }

    /** The key was left alone on purpose. */
    void settle(int i, KeyOutcome outcome) {
        settled[i] = true;
        unsettled--;
        switch (outcome) {
            case IMPORTED -> imported++;
            case REPLACED -> replaced++;
            case SKIPPED -> skipped++;
            case EXPIRED -> expired++;
            case UNSUPPORTED -> unsupported++;
            case FAILED -> failed++;
        }
    }

    /** The key did not reach the target. */
    void fail(int i, KeyOutcome outcome, String reason) {
        settle(i, outcome);
        if (failures.size() < RestoreResult.MAX_FAILURES) {
            failures.add(KeyFailure.ofKey(outcome, batch, i, reason));
        }
    }

    /** Every key that has not ended yet did not reach the target. */
    void failTheRest(String reason) {
        for (int position = 0; position < part.size(); position++) {
            if (!settled[part.record(position)]) {
                fail(part.record(position), KeyOutcome.FAILED, reason);
            }
        }
    }

    /** Whether more keys were on the target before than were new. */
    boolean mostlyOccupied() {
        return replaced + skipped > imported;
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
        if (failures.size() < RestoreResult.MAX_FAILURES) {
            failures.add(KeyFailure.ofFunction(batch, code, reason));
        }
    }

    void scriptLoaded() {
        scripts++;
    }

    void scriptFailed(byte[] code, String reason) {
        failedScripts++;
        if (failures.size() < RestoreResult.MAX_FAILURES) {
            failures.add(KeyFailure.ofScript(batch, code, reason));
        }
    }

    RestoreResult result() {
        return new RestoreResult(
                imported,
                replaced,
                skipped,
                expired,
                unsupported,
                failed,
                functions,
                failedFunctions,
                scripts,
                failedScripts,
                0,
                0,
                batch.keysWithMetadata(),
                bytes,
                failures);
    }
}
