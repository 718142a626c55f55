package org.redisbackup.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Loss;
import org.redisbackup.rdb.ValueType;

/**
 * What the target's replies make of the records of a delivery: each is counted, handed back for another attempt, or left
 * to a later pass; or they say that the target takes nothing now.
 */
final class Settlement {
    private final Target target;
    private final BatchPart part;
    private final KeyBatch batch;
    private final DeliveryRules rules;
    private final Tally tally;
    private final Passes passes;
    private final HoldUp holdUp;
    private final List<Undelivered> undelivered = new ArrayList<>(0);
    private TargetConnection connection;
    private int answered; // commands of the running pass
    private boolean asked; // what is answered before the next command itself
    private boolean exists; // the next record, in a pass that asks

    Settlement(Target target, BatchPart part, DeliveryRules rules, Tally tally, Passes passes, HoldUp holdUp) {
        this.target = target;
        this.part = part;
        batch = part.batch();
        this.rules = rules;
        this.tally = tally;
        this.passes = passes;
        this.holdUp = holdUp;
    }

    /** A pass was planned, whose replies come on this connection. */
    void begin(TargetConnection connection) {
        this.connection = connection;
        answered = 0;
        asked = false;
    }

    /**
     * The pass of a streamed record was planned.
     *
     * @param exists whether the target holds the key, as it was asked already
     */
    void beginStream(boolean exists) {
        answered = 0;
        asked = true;
        this.exists = exists;
    }

    /** Records that are not in the tally, as they may be sent again. */
    List<Undelivered> undelivered() {
        return undelivered;
    }

    /** As {@link ReplySink#take}. */
    boolean take(ReplyKind kind, ReplyReader reply) throws IOException {
        CommandPlan commands = passes.commands();
        int command = commands.command(answered);
        if (!asked && part.isAskedFor()) {
            asked = true; // that was the answer to ASKING
            return false;
        }
        int group = commands.records(answered);
        if (passes.running() == Pass.ASKING && !asked) {
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
        return answered == commands.size();
    }

    /** When the group was not set, its records stay unsettled for another pass, which tells how each of them ends. */
    private void settleGroup(int first, int count, ReplyKind kind, ReplyReader reply) throws IOException {
        if (kind == ReplyKind.OK && reply.integer() != 0) {
            for (int i = first; i < first + count; i++) {
                tally.delivered(i, KeyOutcome.IMPORTED);
            }
            return;
        }
        passes.goOneByOne();
        if (kind.passes()) {
            holdUp.postpone(explain(kind, reply.text()));
        } else if (isSentWhenThereIsRoom(kind, reply.text())) {
            return;
        } else if (kind != ReplyKind.OK && kind.concernsTarget() && kind != ReplyKind.NO_PERMISSION) {
            holdUp.stop(kind.explain(target, reply.text()));
        } else if (kind != ReplyKind.OK && kind != ReplyKind.NO_KEY_PERMISSION) {
            connection.refusedGroup(); // as proxies of clusters do
        }
    }

    private void settle(int i, ReplyKind kind, ReplyReader reply) {
        if (kind == ReplyKind.OK) {
            tally.delivered(i, outcomeOfOk());
        } else if (kind == ReplyKind.BUSY_KEY || kind == ReplyKind.NULL) {
            settleExisting(i);
        } else if (kind == ReplyKind.NO_PERMISSION && passes.keyCommand(i) != KeyCommand.RESTORE) {
            connection.refusedToSet();
            passes.goOneByOne();
        } else {
            refuse(i, kind, reply.text());
        }
    }

    private KeyOutcome outcomeOfOk() {
        return switch (passes.running()) {
            case GROUPED, CAREFUL -> KeyOutcome.IMPORTED;
            case REPLACING -> KeyOutcome.REPLACED;
            case ASKING -> exists ? KeyOutcome.REPLACED : KeyOutcome.IMPORTED;
        };
    }

    /** The key is on the target. */
    void settleExisting(int i) {
        switch (rules.conflictPolicy()) {
            case REPLACE -> {
                if (passes.running().replaces()) {
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
        } else if ((kind.concernsPlace() || kind.passes()) && isRouted() && !passes.isSpent(i)) {
            handBack(i, kind, answer, false);
        } else if (kind.passes() && !isRouted() && !passes.isSpent(i)) {
            holdUp.postpone(explain(kind, answer));
        } else if (isSentWhenThereIsRoom(kind, answer) && !passes.isSpent(i)) {
            if (isRouted()) {
                handBack(i, kind, answer, false);
            }
        } else if (kind.concernsTarget()) {
            holdUp.stop(explain(kind, answer));
            tally.fail(i, KeyOutcome.FAILED, holdUp.whyStopped());
        } else {
            tally.fail(i, KeyOutcome.FAILED, "the target refused the key (it answered: " + answer + ")");
        }
    }

    private boolean isRouted() {
        return !part.isWhole();
    }

    /** Whether records that get this answer are not settled, but sent again until the target has memory for them. */
    private boolean isSentWhenThereIsRoom(ReplyKind kind, String answer) {
        return kind == ReplyKind.OUT_OF_MEMORY
                && !holdUp.isStopped()
                && (holdUp.awaitsRoom() || holdUp.awaitsRoomAfter(explain(kind, answer)));
    }

    private String explain(ReplyKind kind, String answer) {
        String sentence = kind.explain(target, answer);
        String limit = connection.capabilities().memoryLimit();
        return kind == ReplyKind.OUT_OF_MEMORY && limit != null ? sentence + "; " + limit : sentence;
    }

    /** Of a record that is routed: it is counted by who delivers it after all. */
    void handBack(int i, ReplyKind why, String answer, boolean doubtful) {
        tally.handOver(i);
        undelivered.add(new Undelivered(i, why, answer, target, doubtful));
    }
}
