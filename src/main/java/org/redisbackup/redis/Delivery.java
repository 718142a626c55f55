package org.redisbackup.redis;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisbackup.rdb.KeyBatch;

/**
 * A batch, or part of one, on its way to one server: sent pass by pass ({@link Passes}), settled by the replies
 * ({@link Settlement}), sent again when it is held up, and ended once.
 *
 * <p>The writing thread plans a pass. Once it is expected, the writing thread only reads it, and the thread that reads
 * the replies settles its records, until the pass is complete or the connection has ended.
 *
 * <p>A part of a batch that is {@link #isRouted routed} hands back what another server, or this one later, may take; a
 * whole batch fails then.
 */
final class Delivery implements Shipment {
    private final Target target;
    private final BatchPart part;
    private final KeyBatch batch;
    private final DeliveryRules rules;
    private final Resending again;
    private final Runnable onEnd;
    private final CompletableFuture<RestoreResult> future = new CompletableFuture<>();
    private final AtomicBoolean failed = new AtomicBoolean();
    private final Tally tally;
    private final HoldUp holdUp;
    private final Passes passes;
    private final Settlement settlement;
    private TargetConnection connection; // of the running pass
    private boolean codeSent;

    /**
     * @param again is given this delivery when a pass ended and another is needed
     * @param onEnd run once, after the future was completed
     */
    Delivery(Target target, BatchPart part, DeliveryRules rules, Resending again, Runnable onEnd) {
        this.target = target;
        this.part = part;
        batch = part.batch();
        this.rules = rules;
        this.again = again;
        this.onEnd = onEnd;
        tally = new Tally(part);
        holdUp = new HoldUp(again);
        passes = new Passes(part, rules, tally);
        settlement = new Settlement(target, part, rules, tally, passes, holdUp);
        codeSent = !part.isWhole();
    }

    @Override
    public CompletableFuture<RestoreResult> future() {
        return future;
    }

    @Override
    public void writeBy(BatchWriter writer) throws IOException {
        writer.write(this);
    }

    KeyBatch batch() {
        return batch;
    }

    BatchPart part() {
        return part;
    }

    /** Records that are not in the result, as they may be sent again. Complete once the future is. */
    List<Undelivered> undelivered() {
        return settlement.undelivered();
    }

    private boolean isRouted() {
        return !part.isWhole();
    }

    ConflictPolicy policy() {
        return rules.conflictPolicy();
    }

    Tally tally() {
        return tally;
    }

    /** What is sent next, and what is sent now. */
    Passes passes() {
        return passes;
    }

    /** How records end that were asked about, or rebuilt, outside of a pass. */
    Settlement settlement() {
        return settlement;
    }

    /** Whether function libraries and scripts are still to be sent; true once. */
    boolean takeCode() {
        boolean due = !codeSent;
        codeSent = true;
        return due;
    }

    /**
     * Plans a pass, as {@link Passes#plan} says.
     *
     * @return the number of commands
     */
    int plan(TargetConnection connection, Eligibility eligibility) {
        this.connection = connection;
        int commands = passes.plan(connection, eligibility);
        settlement.begin(connection);
        return commands;
    }

    /**
     * Plans the pass of the streamed record; its database is selected and its {@code EXISTS} answered already.
     *
     * @param exists whether the target holds the key
     */
    void planStream(int i, boolean exists) {
        passes.planStream(i);
        settlement.beginStream(exists);
    }

    @Override
    public boolean take(ReplyKind kind, ReplyReader reply) throws IOException {
        return settlement.take(kind, reply);
    }

    @Override
    public void stop(String reason) {
        holdUp.stop(reason);
    }

    @Override
    public boolean isStopped() {
        return holdUp.isStopped();
    }

    @Override
    public void postpone(String reason) {
        holdUp.postpone(reason);
    }

    @Override
    public boolean isPostponed() {
        return holdUp.isPostponed();
    }

    /** The target can't take code now: all of it is sent again. */
    void postponeCode(String reason) {
        codeSent = false;
        tally.forgetCode();
        postpone(reason);
    }

    @Override
    public void complete() {
        if (tally.unsettled() == 0 || holdUp.holds()) {
            connection.mostlyOccupied(tally.mostlyOccupied());
            finish();
        } else {
            again.send(this);
        }
    }

    /** From the first pass on, maybe on another connection. */
    private void sendAnew() {
        holdUp.end();
        passes.beginAnew();
        again.send(this);
    }

    /** Ends the delivery, unless some of it is to be sent again after a while. */
    void finish() {
        if (holdUp.isStopped()) {
            fail(holdUp.whyStopped(), null);
        } else if (holdUp.isPostponed() && isRouted()) {
            handBackTheRest(new NotReadyException(holdUp.whyPostponed(), null));
        } else if (holdUp.isPostponed() && again.isAllowedAfter(holdUp.whyPostponed())) {
            sendAnew();
        } else if (holdUp.isPostponed()) {
            fail(holdUp.whyPostponed(), null);
        } else if (holdUp.awaitsRoom() && tally.unsettled() > 0) {
            sendAnew();
        } else {
            succeed();
        }
    }

    private void succeed() {
        Witness newest = Witness.of(batch, tally.newest());
        part.release();
        RestoreResult result = tally.result();
        again.succeeded(result.bytes() > 0 && !holdUp.awaitsRoom(), newest);
        future.complete(result);
        onEnd.run();
    }

    @Override
    public void lost(IOException why) {
        if (holdUp.isStopped()) {
            fail(holdUp.whyStopped(), null);
        } else if (isRouted() && !(passes.isStreamBegun() && why instanceof BrokenValueException)) {
            handBackTheRest(why);
        } else if (!isRouted() && !isStreamLost(why) && again.isAllowedAfter(why.getMessage())) {
            doubtTheRest();
            sendAnew();
        } else {
            fail(why.getMessage(), why.getCause());
        }
    }

    @Override
    public void unreachable(NotReadyException why) {
        if (isRouted()) {
            lost(why);
        } else {
            fail(why.getMessage(), why.getCause());
        }
    }

    private boolean isStreamLost(IOException why) {
        int last = part.size() - 1;
        return why instanceof BrokenValueException || (last >= 0 && passes.isSpent(last) && !tally.isSettled(last));
    }

    private void doubtTheRest() {
        for (int i = 0; i < batch.size(); i++) {
            if (!tally.isSettled(i)) {
                part.doubt(i);
            }
        }
        if (passes.running() == null && codeSent) { // it broke while code was loaded
            codeSent = false;
            tally.forgetCode();
        }
    }

    @Override
    public void resolveDoubts(TargetCapabilities capabilities, int timeoutMillis) throws DeliveryException {
        if (passes.running() == null && part.isDoubtful()) {
            EarlierDelivery.settle(target, capabilities, timeoutMillis, part, tally);
        }
    }

    private void handBackTheRest(IOException why) {
        if (!failed.compareAndSet(false, true)) {
            return;
        }
        for (int position = 0; position < part.size(); position++) {
            int i = part.record(position);
            if (!tally.isSettled(i) && passes.isSpent(i)) {
                tally.fail(
                        i,
                        KeyOutcome.FAILED,
                        why.getMessage() + " (the value is too large to be kept for being sent again)");
            } else if (!tally.isSettled(i)) {
                settlement.handBack(i, null, why.getMessage(), !(why instanceof NotReadyException));
            }
        }
        future.complete(tally.result());
        onEnd.run();
    }

    @Override
    public void fail(String reason, Throwable cause) {
        if (!failed.compareAndSet(false, true)) {
            return;
        }
        tally.failTheRest(reason);
        DeliveryException failure = new DeliveryException(reason, tally.result(), cause);
        if (part.isWhole()) {
            batch.releaseUndelivered(failure);
        }
        future.completeExceptionally(failure);
        onEnd.run();
    }
}
