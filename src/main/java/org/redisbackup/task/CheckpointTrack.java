package org.redisbackup.task;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.redisbackup.rdb.BackupBatch;
import org.redisbackup.rdb.Checkpoint;
import org.redisbackup.redis.RestoreResult;

/**
 * Where one file would go on: behind the batches that are settled without a gap, with the counts and the failures of
 * exactly those.
 *
 * <p>No batch is handed out beyond what the last saved checkpoint promised. So a service that takes the file over knows
 * which keys may be on the target because its predecessor sent them. The promise is far ahead of the reader, so that
 * nothing waits unless no checkpoint could be saved for a while.
 */
final class CheckpointTrack {
    /** Pieces that may be handed out until the second checkpoint is saved, and at least between any two. */
    private static final long FIRST_PROMISE = 100_000;

    /** Checkpoints that need not be saved, at the speed of the last one, before the reader waits: a lease's time. */
    private static final int PROMISED_CHECKPOINTS = 50;

    /** Failures behind a gap, above which the reader waits until the gap is closed. */
    private static final int MAX_BEHIND_GAP = 50_000;

    private static final class Handed {
        final long end;
        final Checkpoint place;
        RestoreResult result; // once settled

        Handed(long end, Checkpoint place) {
            this.end = end;
            this.place = place;
        }
    }

    private final Deque<Handed> handed = new ArrayDeque<>();
    private final PendingLedger ledger;
    private final long promisedBefore;
    private int firstIndex; // of the batch at the head
    private int failuresBehindGap;
    private FileCheckpoint reached;
    private FileCheckpoint offered; // the last reached one whose ledger is small enough to be saved
    private FileCheckpoint saved;
    private long read; // pieces handed out, from the start of the file on
    private long readAtLastPromise;
    private long promised;
    private boolean broken;
    private boolean ending;

    /** @param keepsLedger whether failures are kept for a ledger */
    CheckpointTrack(FileCheckpoint from, boolean keepsLedger) {
        reached = from;
        offered = from;
        saved = from;
        read = from.pieces();
        readAtLastPromise = read;
        promisedBefore = from.promised();
        promised = from.promised();
        ledger = new PendingLedger(from, keepsLedger);
    }

    /**
     * Counts a batch that is about to be handed out; waits until the state store has heard that it may be sent.
     *
     * @return the number of pieces before it
     * @throws IOException when the file is broken off
     */
    synchronized long handOut(BackupBatch batch) throws IOException, InterruptedException {
        long before = read;
        while ((before + batch.pieces() > promised || failuresBehindGap > MAX_BEHIND_GAP) && !broken) {
            wait();
        }
        if (broken) {
            throw new IOException("the import was broken off");
        }
        read += batch.pieces();
        handed.add(new Handed(read, batch.checkpoint()));
        return before;
    }

    /** Whether an earlier run of this import may have sent what stands behind so many pieces. */
    boolean isMaybeSent(long before) {
        return before < promisedBefore;
    }

    /** @param index of a batch whose pieces all have their answer, counted from the first one handed out */
    synchronized void settle(int index, RestoreResult result) {
        RestoreResult kept = ledger.keeps() ? result : RestoreResult.NONE.plus(result);
        at(index).result = kept;
        failuresBehindGap += kept.failures().size();
        while (!handed.isEmpty() && handed.peek().result != null) {
            Handed first = handed.remove();
            firstIndex++;
            failuresBehindGap -= first.result.failures().size();
            ledger.add(first.result);
            reached = new FileCheckpoint(
                    reached.file(),
                    first.end,
                    first.place,
                    promised,
                    reached.result().plus(first.result),
                    null,
                    null);
        }
        notifyAll();
    }

    private Handed at(int index) {
        Iterator<Handed> each = handed.iterator();
        for (int i = firstIndex; i < index; i++) {
            each.next();
        }
        return each.next();
    }

    /** What came of a batch that was broken off: it counts only if the file ends here for good. */
    synchronized void broken(RestoreResult result) {
        ledger.addLast(result);
    }

    /** Nothing more is handed out; whoever waits gets an exception. */
    synchronized void breakOff() {
        broken = true;
        notifyAll();
    }

    /**
     * The file is about to end for good: no further checkpoint is offered before it has, and the ledger gets the failures
     * behind a gap too.
     *
     * @param error why it was not read to its end, or null
     */
    synchronized void ending(String error) {
        ending = true;
        handed.stream().filter(each -> each.result != null).forEach(each -> ledger.add(each.result));
        ledger.end(error);
    }

    synchronized void end(FileSnapshot how) {
        reached = reached.ended(how);
        ending = false;
    }

    /**
     * Lines for the next object of the ledger.
     *
     * @param all whether few are worth an object
     * @return the ledger with them, or null when there are none, or too few
     */
    synchronized FileLedger dueLedger(boolean all) {
        return ledger.isDue(all) ? ledger.state() : null;
    }

    /** The lines that were due are written, or lost for a reason that is not null. */
    synchronized void ledgerWritten(FileLedger due, int attempt, String problem) {
        ledger.written(due, attempt, problem);
    }

    /** What is to be saved now; the same as {@link #saved} when there is nothing new. */
    synchronized FileCheckpoint next() {
        long ahead = Math.max(FIRST_PROMISE, PROMISED_CHECKPOINTS * (read - readAtLastPromise));
        long promise = read + ahead / 2 > promised ? read + ahead : promised;
        readAtLastPromise = read;
        if (!ending && !ledger.isDue(false)) {
            offered = reached.with(ledger.state());
        }
        return offered.promising(promise);
    }

    synchronized FileCheckpoint saved() {
        return saved;
    }

    /** The state store has this checkpoint. */
    synchronized void saved(FileCheckpoint checkpoint) {
        saved = checkpoint;
        promised = checkpoint.promised();
        notifyAll();
    }
}
