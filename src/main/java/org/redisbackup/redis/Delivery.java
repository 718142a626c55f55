package org.redisbackup.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Loss;
import org.redisbackup.rdb.ValueType;

/**
 * A batch, or part of one, on its way to one server: which of its records are sent, in which pass, and what the replies make of them.
 *
 * <p>Keys go optimistically: a {@link Pass#GROUPED} pass, then, when they may replace others, a {@link Pass#REPLACING} one
 * for those that exist already. Of a group that was left alone it is not known which do, so its keys go one by one, in a
 * {@link Pass#CAREFUL} or, to replace others, an {@link Pass#ASKING} pass. So the counts are exact and an empty target
 * costs nothing extra. Where most keys of earlier batches existed, it begins with one of those two.
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
    private final List<Undelivered> undelivered = new ArrayList<>(0);

    /** The running pass. */
    private final CommandPlan plan;

    private int database = -1; // of the running pass

    /** Records that are due to be rebuilt when no pass is. */
    private final List<Integer> rebuilds = new ArrayList<>(0);

    private boolean goesOneByOne; // the next pass, as this one does not tell how some records end
    private boolean restoresOnly;
    private int answered;
    private TargetConnection connection;
    private Pass pass;
    private boolean exists;
    private boolean asked;
    private boolean codeSent;
    private boolean streamBegun;
    private String stop;
    private boolean awaitsRoom; // records are to be sent again when the target has memory
    private String postponed; // why records are to be sent again after a while, or null

    /**
     * @param again is given this delivery when a pass ended and another is needed
     * @param onEnd run once, after the future was completed
     */
    Delivery(Target target, BatchPart part, DeliveryRules rules, Resending again, Runnable onEnd) {
        this.target = target;
        this.part = part;
        batch = part.batch();
        this.rules = rules;
        plan = new CommandPlan(batch);
        this.again = again;
        this.onEnd = onEnd;
        tally = new Tally(part);
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
        return undelivered;
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

    Pass pass() {
        return pass;
    }

    /** Whether function libraries and scripts are still to be sent; true once. */
    boolean takeCode() {
        boolean due = !codeSent;
        codeSent = true;
        return due;
    }

    /** The streamed record while it waits for its turn, else -1. */
    int waitingStream() {
        int last = part.size() == 0 ? -1 : part.record(part.size() - 1);
        return last >= 0 && batch.isStreamed(last) && !tally.isSettled(last) ? last : -1;
    }

    /**
     * Plans a pass over the records of one database that lie in the arena and are not settled; those that can't be sent are
     * settled here, of whatever database.
     *
     * @return the number of commands
     */
    int plan(TargetConnection connection, Eligibility eligibility) {
        this.connection = connection;
        restoresOnly = connection.restoresOnly();
        rebuilds.clear();
        plan.clear();
        for (int position = 0; position < part.size(); position++) {
            int i = part.record(position);
            if (tally.isSettled(i) || batch.isStreamed(i) || eligibility.settles(tally, batch, i)) {
                continue;
            }
            KeyCommand command = keyCommand(i);
            if (command == KeyCommand.REBUILD) {
                rebuilds.add(i);
                continue;
            }
            if (plan.size() == 0) {
                beginIn(batch.db(i));
            }
            if (batch.db(i) != database) {
                continue; // another pass
            }
            if (pass == Pass.GROUPED && command == KeyCommand.SET_MANY) {
                plan.sendGrouped(i);
            } else {
                plan.send(i);
            }
        }
        if (plan.size() == 0) {
            begin(nextPass());
        }
        return plan.size();
    }

    private void beginIn(int db) {
        if (db != database) {
            database = db;
            pass = null;
        }
        begin(nextPass());
    }

    /** Of all records of the running pass. */
    int database() {
        return database;
    }

    /** What sends a record of the running pass. */
    KeyCommand keyCommand(int i) {
        KeyCommand command = KeyCommand.of(batch, i, connection.capabilities(), rules);
        return restoresOnly && command != KeyCommand.REBUILD ? KeyCommand.RESTORE : command;
    }

    /** Records that the last {@link #plan} left for commands that rebuild them. */
    List<Integer> rebuilds() {
        return rebuilds;
    }

    /** The streamed record is about to be rebuilt, so that its value is read from the backup. */
    void rebuildsStream() {
        streamBegun = true;
    }

    /** A record has got its name on the target. */
    void rebuilt(int i, KeyOutcome outcome, Set<Loss> losses) {
        tally.delivered(i, outcome);
        losses.forEach(tally::lost);
        if (batch.idleSeconds(i) >= 0 || batch.frequency(i) >= 0) {
            tally.lost(Loss.KEY_USE);
        }
    }

    /** Settles a record that would lose more than it may. */
    boolean refusesLosses(int i, Set<Loss> losses) {
        String lost = losses.stream()
                .filter(loss -> !loss.isNegligible())
                .map(Loss::text)
                .collect(Collectors.joining(" and "));
        if (lost.isEmpty() || rules.lossPolicy() == LossPolicy.KEEP) {
            return false;
        }
        tally.fail(
                i,
                rules.lossPolicy() == LossPolicy.DROP ? KeyOutcome.UNSUPPORTED : KeyOutcome.FAILED,
                connection.capabilities().product() + " can't be given " + lost + " by commands");
        return true;
    }

    /** Groups are for one server that has all keys; {@code EXISTS} tells nothing where a slot is on its way. */
    private Pass nextPass() {
        if (pass == null && !connection.isMostlyOccupied()) {
            return isRouted() || connection.refusesGroups() ? Pass.CAREFUL : Pass.GROUPED;
        } else if (pass == null || goesOneByOne) {
            return policy() == ConflictPolicy.REPLACE && !part.isAskedFor() ? Pass.ASKING : Pass.CAREFUL;
        }
        return Pass.REPLACING;
    }

    /**
     * Plans the pass of the streamed record; its database is selected and its {@code EXISTS} answered already.
     *
     * @param exists whether the target holds the key
     */
    void planStream(int i, boolean exists) {
        plan.clear();
        begin(policy() == ConflictPolicy.REPLACE ? Pass.ASKING : Pass.CAREFUL);
        this.exists = exists;
        asked = true;
        streamBegun = true;
        plan.send(i);
    }

    CommandPlan plan() {
        return plan;
    }

    private void begin(Pass next) {
        pass = next;
        goesOneByOne = false;
        asked = false;
        answered = 0;
    }

    @Override
    public boolean take(ReplyKind kind, ReplyReader reply) throws IOException {
        int command = plan.command(answered);
        if (!asked && part.isAskedFor()) {
            asked = true; // that was the answer to ASKING
            return false;
        }
        int group = plan.records(answered);
        if (pass == Pass.ASKING && !asked) {
            // a refusal to tell counts as yes: that is why it was asked
            exists = kind != ReplyKind.OK || reply.integer() != 0;
            asked = true;
            return false;
        }
        answered++;
        asked = false;
        if (group > 1) {
            settleGroup(command, group, kind, reply);
        } else {
            settle(command, kind, reply);
        }
        return answered == plan.size();
    }

    /** When the group was not set, its records stay unsettled for another pass, which tells how each of them ends. */
    private void settleGroup(int first, int count, ReplyKind kind, ReplyReader reply) throws IOException {
        if (kind == ReplyKind.OK && reply.integer() != 0) {
            for (int i = first; i < first + count; i++) {
                tally.delivered(i, KeyOutcome.IMPORTED);
            }
            return;
        }
        goesOneByOne = true;
        if (kind.passes()) {
            postponed = explain(kind, reply.text());
        } else if (isSentWhenThereIsRoom(kind, reply.text())) {
            return;
        } else if (kind != ReplyKind.OK && kind.concernsTarget() && kind != ReplyKind.NO_PERMISSION) {
            stop(kind.explain(target, reply.text()));
        } else if (kind != ReplyKind.OK && kind != ReplyKind.NO_KEY_PERMISSION) {
            connection.refusedGroup(); // as proxies of clusters do
        }
    }

    private void settle(int i, ReplyKind kind, ReplyReader reply) {
        if (kind == ReplyKind.OK) {
            tally.delivered(i, outcomeOfOk());
        } else if (kind == ReplyKind.BUSY_KEY || kind == ReplyKind.NULL) {
            settleExisting(i);
        } else if (kind == ReplyKind.NO_PERMISSION && keyCommand(i) != KeyCommand.RESTORE) {
            connection.refusedToSet();
            goesOneByOne = true;
        } else {
            refuse(i, kind, reply.text());
        }
    }

    private KeyOutcome outcomeOfOk() {
        return switch (pass) {
            case GROUPED, CAREFUL -> KeyOutcome.IMPORTED;
            case REPLACING -> KeyOutcome.REPLACED;
            case ASKING -> exists ? KeyOutcome.REPLACED : KeyOutcome.IMPORTED;
        };
    }

    /** The target answered with an error about a key or about itself. */
    void refuse(int i, ReplyKind kind, String answer) {
        if (kind == ReplyKind.BAD_DATA && batch.type(i) == ValueType.MODULE_2) {
            tally.fail(
                    i,
                    KeyOutcome.UNSUPPORTED,
                    "the target lacks the module " + ModuleName.of(batch, i)
                            + ", or has one that can't read this value");
        } else if (kind == ReplyKind.WRONG_VERSION) {
            tally.fail(
                    i,
                    KeyOutcome.UNSUPPORTED,
                    "the target does not take values of RDB version "
                            + batch.type(i).stampVersion() + " (it answered: " + answer + ")");
        } else if ((kind.concernsPlace() || kind.passes()) && isRouted() && !isSpent(i)) {
            handBack(i, kind, answer, false);
        } else if (kind.passes() && !isRouted() && !isSpent(i)) {
            postponed = explain(kind, answer);
        } else if (isSentWhenThereIsRoom(kind, answer) && !isSpent(i)) {
            if (isRouted()) {
                handBack(i, kind, answer, false);
            }
        } else if (kind.concernsTarget()) {
            stop(explain(kind, answer));
            tally.fail(i, KeyOutcome.FAILED, stop);
        } else {
            tally.fail(i, KeyOutcome.FAILED, "the target refused the key (it answered: " + answer + ")");
        }
    }

    /** Whether records that get this answer are not settled, but sent again until the target has memory for them. */
    private boolean isSentWhenThereIsRoom(ReplyKind kind, String answer) {
        if (kind != ReplyKind.OUT_OF_MEMORY || stop != null) {
            return false;
        }
        awaitsRoom = awaitsRoom || again.awaitsRoom(explain(kind, answer));
        return awaitsRoom;
    }

    private String explain(ReplyKind kind, String answer) {
        String sentence = kind.explain(target, answer);
        String limit = connection == null ? null : connection.capabilities().memoryLimit();
        return kind == ReplyKind.OUT_OF_MEMORY && limit != null ? sentence + "; " + limit : sentence;
    }

    /** Whether the value of a record was read from the backup already, and is held nowhere. */
    private boolean isSpent(int i) {
        return streamBegun && batch.isStreamed(i);
    }

    private void handBack(int i, ReplyKind why, String answer, boolean doubtful) {
        tally.handOver(i);
        undelivered.add(new Undelivered(i, why, answer, target, doubtful));
    }

    /** The key is on the target. */
    void settleExisting(int i) {
        switch (policy()) {
            case REPLACE -> {
                if (pass.replaces()) {
                    tally.fail(i, KeyOutcome.FAILED, "the target refused to replace the key");
                }
            }
            case SKIP -> tally.settle(i, KeyOutcome.SKIPPED);
            case FAIL ->
                tally.fail(
                        i,
                        KeyOutcome.FAILED,
                        part.isDoubtful(i)
                                ? "the key exists on the target, maybe by the import itself: it was sent before, and the"
                                        + " answer was lost"
                                : "the key exists on the target");
        }
    }

    @Override
    public void stop(String reason) {
        if (stop == null) {
            stop = reason;
        }
    }

    @Override
    public boolean isStopped() {
        return stop != null;
    }

    @Override
    public void postpone(String reason) {
        postponed = reason;
    }

    @Override
    public boolean isPostponed() {
        return postponed != null;
    }

    /** The target can't take code now: all of it is sent again. */
    void postponeCode(String reason) {
        codeSent = false;
        tally.forgetCode();
        postpone(reason);
    }

    @Override
    public void complete() {
        if (tally.unsettled() == 0 || stop != null || postponed != null || awaitsRoom) {
            connection.mostlyOccupied(tally.mostlyOccupied());
            finish();
        } else {
            again.send(this);
        }
    }

    /** From the first pass on, maybe on another connection. */
    private void sendAnew() {
        postponed = null;
        awaitsRoom = false;
        pass = null;
        goesOneByOne = false;
        again.send(this);
    }

    /** Ends the delivery, unless some of it is to be sent again after a while. */
    void finish() {
        if (stop == null && tally.unsettled() > 0 && awaitsRoom && postponed == null) {
            sendAnew();
        } else if (stop == null && postponed != null) {
            if (isRouted()) {
                handBackTheRest(new NotReadyException(postponed, null));
            } else if (again.isAllowedAfter(postponed)) {
                sendAnew();
            } else {
                fail(postponed, null);
            }
        } else if (stop == null) {
            Witness newest = Witness.of(batch, tally.newest());
            part.release();
            RestoreResult result = tally.result();
            again.succeeded(result.bytes() > 0 && !awaitsRoom, newest);
            future.complete(result);
            onEnd.run();
        } else {
            fail(stop, null);
        }
    }

    @Override
    public void lost(IOException why) {
        if (stop != null) {
            fail(stop, null);
        } else if (isRouted() && !(streamBegun && why instanceof BrokenValueException)) {
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
        return why instanceof BrokenValueException || (last >= 0 && isSpent(last) && !tally.isSettled(last));
    }

    private void doubtTheRest() {
        for (int i = 0; i < batch.size(); i++) {
            if (!tally.isSettled(i)) {
                part.doubt(i);
            }
        }
        if (pass == null && codeSent) { // it broke while code was loaded
            codeSent = false;
            tally.forgetCode();
        }
    }

    @Override
    public void resolveDoubts(TargetCapabilities capabilities, int timeoutMillis) throws DeliveryException {
        if (pass == null && part.isDoubtful()) {
            EarlierDelivery.settle(target, capabilities, timeoutMillis, part, tally);
        }
    }

    private void handBackTheRest(IOException why) {
        if (!failed.compareAndSet(false, true)) {
            return;
        }
        for (int position = 0; position < part.size(); position++) {
            int i = part.record(position);
            if (!tally.isSettled(i) && isSpent(i)) {
                tally.fail(
                        i,
                        KeyOutcome.FAILED,
                        why.getMessage() + " (the value is too large to be kept for being sent again)");
            } else if (!tally.isSettled(i)) {
                handBack(i, null, why.getMessage(), !(why instanceof NotReadyException));
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
