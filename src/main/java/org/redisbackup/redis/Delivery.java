package org.redisbackup.redis;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.ValueType;

/**
 * One batch on its way: which of its records are sent, in which pass, and what the replies make of them.
 *
 * <p>Keys that may replace others go optimistically: a {@link Pass#CAREFUL} pass, then a {@link Pass#REPLACING} one for
 * those that exist already. So the counts are exact and an empty target costs nothing extra. Where most keys of earlier
 * batches existed, one {@link Pass#ASKING} pass is cheaper.
 *
 * <p>The writing thread plans a pass. Once it is expected, the writing thread only reads it, and the thread that reads
 * the replies settles its records, until the pass is complete or the connection has ended.
 */
final class Delivery implements Shipment {
    private final Target target;
    private final KeyBatch batch;
    private final ConflictPolicy policy;
    private final Consumer<Delivery> nextPass;
    private final Runnable onEnd;
    private final CompletableFuture<RestoreResult> future = new CompletableFuture<>();
    private final Tally tally;

    /** Of the running pass, in the order sent: a record's index, or the complement of a database to select. */
    private int[] commands = new int[0];

    private int commandCount;
    private int answered;
    private TargetConnection connection;
    private Pass pass;
    private boolean exists;
    private boolean asked;
    private boolean codeSent;
    private String stop;

    /**
     * @param nextPass is given this delivery when a pass ended and another is needed
     * @param onEnd run once, after the future was completed
     */
    Delivery(Target target, KeyBatch batch, ConflictPolicy policy, Consumer<Delivery> nextPass, Runnable onEnd) {
        this.target = target;
        this.batch = batch;
        this.policy = policy;
        this.nextPass = nextPass;
        this.onEnd = onEnd;
        tally = new Tally(batch);
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

    ConflictPolicy policy() {
        return policy;
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
        int last = batch.size() - 1;
        return last >= 0 && batch.isStreamed(last) && !tally.isSettled(last) ? last : -1;
    }

    /**
     * Plans a pass over the records in the arena that are not settled; those that can't be sent are settled here.
     *
     * @return the number of commands
     */
    int plan(TargetConnection connection, Eligibility eligibility) {
        this.connection = connection;
        if (pass == null) {
            boolean asks = policy == ConflictPolicy.REPLACE && connection.isMostlyOccupied();
            begin(asks ? Pass.ASKING : Pass.CAREFUL);
        } else {
            begin(Pass.REPLACING);
        }
        Databases databases = connection.databases();
        int db = databases.selected();
        for (int i = 0; i < batch.size(); i++) {
            if (tally.isSettled(i) || batch.isStreamed(i) || eligibility.settles(tally, batch, i)) {
                continue;
            }
            if (batch.db(i) != db) {
                db = batch.db(i);
                add(~db);
            }
            add(i);
        }
        databases.select(db);
        return commandCount;
    }

    /**
     * Plans the pass of the streamed record; its database is selected and its {@code EXISTS} answered already.
     *
     * @param exists whether the target holds the key
     */
    void planStream(int i, boolean exists) {
        begin(policy == ConflictPolicy.REPLACE ? Pass.ASKING : Pass.CAREFUL);
        this.exists = exists;
        asked = true;
        add(i);
    }

    int commandCount() {
        return commandCount;
    }

    /** A record's index, or the complement of a database to select. */
    int command(int position) {
        return commands[position];
    }

    private void begin(Pass next) {
        pass = next;
        asked = false;
        commandCount = 0;
        answered = 0;
    }

    private void add(int command) {
        if (commandCount == commands.length) {
            commands = Arrays.copyOf(commands, Math.max(batch.size() + 1, commandCount * 2));
        }
        commands[commandCount++] = command;
    }

    @Override
    public boolean take(ReplyKind kind, ReplyReader reply) throws IOException {
        int command = commands[answered];
        if (pass == Pass.ASKING && command >= 0 && !asked) {
            // a refusal to tell counts as yes: that is why it was asked
            exists = kind != ReplyKind.OK || reply.integer() != 0;
            asked = true;
            return false;
        }
        answered++;
        asked = false;
        if (command >= 0) {
            settle(command, kind, reply);
        } else if (kind != ReplyKind.OK) {
            // what follows it lands in the wrong database: stop as early as possible
            throw new IOException("it selected database " + ~command + " before and now refuses to: " + reply.text());
        }
        return answered == commandCount;
    }

    private void settle(int i, ReplyKind kind, ReplyReader reply) {
        if (kind == ReplyKind.OK) {
            tally.delivered(i, outcomeOfOk());
        } else if (kind == ReplyKind.BUSY_KEY) {
            settleExisting(i);
        } else {
            refuse(i, kind, reply.text());
        }
    }

    private KeyOutcome outcomeOfOk() {
        return switch (pass) {
            case CAREFUL -> KeyOutcome.IMPORTED;
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
        } else if (kind.concernsTarget()) {
            stop(kind.explain(target, answer));
            tally.fail(i, KeyOutcome.FAILED, stop);
        } else {
            tally.fail(i, KeyOutcome.FAILED, "the target refused the key (it answered: " + answer + ")");
        }
    }

    /** The key is on the target. */
    void settleExisting(int i) {
        switch (policy) {
            case REPLACE -> {
                if (pass.replaces()) {
                    tally.fail(i, KeyOutcome.FAILED, "the target refused to replace the key");
                }
            }
            case SKIP -> tally.settle(i, KeyOutcome.SKIPPED);
            case FAIL -> tally.fail(i, KeyOutcome.FAILED, "the key exists on the target");
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
    public void complete() {
        if (tally.unsettled() == 0 || stop != null) {
            if (policy == ConflictPolicy.REPLACE) {
                connection.mostlyOccupied(tally.mostlyReplaced());
            }
            finish();
        } else {
            nextPass.accept(this);
        }
    }

    /** Ends the delivery: nothing more is sent. */
    void finish() {
        if (stop == null) {
            batch.release();
            future.complete(tally.result());
            onEnd.run();
        } else {
            fail(stop, null);
        }
    }

    @Override
    public void lost(IOException why) {
        fail(why.getMessage(), why.getCause());
    }

    @Override
    public void fail(String reason, Throwable cause) {
        tally.failTheRest(reason);
        DeliveryException failure = new DeliveryException(reason, tally.result(), cause);
        batch.releaseUndelivered(failure);
        future.completeExceptionally(failure);
        onEnd.run();
    }
}
