package org.redisbackup.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisbackup.aof.CommandBatch;

/**
 * A batch of commands on its way. They are sent in order; what one of them answers does not keep the others back, as it
 * would not have where they were recorded.
 *
 * <p>An import that can go on sends them in one transaction with its {@link ReplayMark}, and again when their answers are
 * lost. Otherwise they are sent once. So they are where the target refuses a transaction as a whole, because it can't take
 * one of the commands.
 *
 * <p>Planned by the writing thread; once it is expected, the thread that reads the replies settles it.
 */
final class Replay implements Shipment {
    /** What is sent besides commands and databases to select. */
    static final int BEGIN = Integer.MIN_VALUE;

    static final int MARK = Integer.MIN_VALUE + 1;
    static final int COMMIT = Integer.MIN_VALUE + 2;

    private final Target target;
    private final CommandBatch batch;
    private final ReplayMark mark;
    private final Resending again;
    private final Runnable onEnd;
    private final CompletableFuture<RestoreResult> future = new CompletableFuture<>();
    private final boolean[] settled;
    private final List<KeyFailure> failures = new ArrayList<>(0);

    /** In the order sent: a command's index, or the complement of a database to select. */
    private final int[] commands;

    private int commandCount;
    private int answered;
    private long executed;
    private final AtomicBoolean ended = new AtomicBoolean();
    private long failed;
    private long bytes;
    private String stop;
    private String postponed; // why the transaction is to be sent again after a while, or null
    private boolean atomic; // whether the target is to execute all or nothing
    private boolean queuing; // whether the target collects the commands of the transaction
    private boolean refusedToQueue;
    private boolean aborted;
    private boolean marked; // whether the target holds the mark

    /**
     * @param again is given this replay when it is to be sent once more
     * @param onEnd run once, after the future was completed
     */
    Replay(Target target, CommandBatch batch, Resending again, Runnable onEnd) {
        this.again = again;
        mark = ReplayMark.of(batch);
        atomic = mark != null;
        this.target = target;
        this.batch = batch;
        this.onEnd = onEnd;
        settled = new boolean[batch.size()];
        commands = new int[2 * batch.size() + 6];
    }

    @Override
    public CompletableFuture<RestoreResult> future() {
        return future;
    }

    @Override
    public void writeBy(BatchWriter writer) throws IOException {
        writer.write(this);
    }

    CommandBatch batch() {
        return batch;
    }

    /** How the target remembers that it executed the batch, or null when it does not. */
    ReplayMark mark() {
        return mark;
    }

    /** The target has executed so many pieces of the backup already. */
    void executedBefore(long pieces) {
        for (int i = 0; i < batch.size(); i++) {
            if (!settled[i] && mark.covers(i, pieces)) {
                executed(i);
            }
        }
    }

    /**
     * Plans what is sent; commands that can't be are settled here.
     *
     * @return the number of commands, those that select a database among them
     */
    int plan(TargetConnection connection) {
        Databases databases = connection.databases();
        commandCount = 0;
        answered = 0;
        queuing = false;
        int sent = planCommands(connection, databases);
        if (sent > 0 && mark != null) {
            databases.select(0);
        }
        return sent == 0 ? 0 : commandCount;
    }

    /** A transaction begins and ends in database 0, so that it is selected whether it was executed or not. */
    private int planCommands(TargetConnection connection, Databases databases) {
        int db = databases.selected();
        if (atomic) {
            db = planSelect(0, db);
            commands[commandCount++] = BEGIN;
        }
        int sent = 0;
        for (int i = 0; i < batch.size(); i++) {
            if (settled[i]) {
                continue;
            }
            String refusal = refusal(connection, i);
            if (refusal != null) {
                fail(i, refusal);
                continue;
            }
            db = planSelect(batch.db(i), db);
            commands[commandCount++] = i;
            sent++;
        }
        if (sent > 0 && mark != null) {
            planSelect(0, db);
            commands[commandCount++] = MARK;
        } else if (sent > 0) {
            databases.select(db);
        }
        if (sent > 0 && atomic) {
            commands[commandCount++] = COMMIT;
        }
        return sent;
    }

    private int planSelect(int wanted, int selected) {
        if (wanted != selected) {
            commands[commandCount++] = ~wanted;
        }
        return wanted;
    }

    private String refusal(TargetConnection connection, int i) {
        long maxWord = connection.capabilities().maxBulkBytes();
        if (batch.isOversized(i)) {
            return "the command takes more bytes than are held in memory for one; give the process a larger heap (-Xmx)";
        } else if (batch.longestWord(i) > maxWord) {
            return "a word of the command takes " + batch.longestWord(i) + " bytes, and " + target.address() + " takes "
                    + maxWord + " at once; raise its proto-max-bulk-len";
        } else if (UnreplayableCommand.is(batch.name(i))) {
            return "no server writes " + batch.name(i) + " into an append-only file, so it is not executed";
        }
        return connection.databases().refusal(batch.db(i));
    }

    int commandCount() {
        return commandCount;
    }

    /** A command's index, the complement of a database to select, or one of the constants. */
    int command(int position) {
        return commands[position];
    }

    @Override
    public boolean take(ReplyKind kind, ReplyReader reply) throws IOException {
        int command = commands[answered++];
        if (command == BEGIN) {
            queuing = kind == ReplyKind.OK;
            refusedToQueue = !queuing; // then each goes by itself, as with some proxies
        } else if (queuing) {
            takeQueued(command, kind, reply);
        } else if (command >= 0) {
            settle(command, kind, reply);
        } else if (command == MARK) {
            marked = kind == ReplyKind.OK;
        } else if (command != COMMIT && kind != ReplyKind.OK) {
            // what follows it lands in the wrong database: stop as early as possible
            throw new IOException("it selected database " + ~command + " before and now refuses to: " + reply.text());
        }
        if (queuing && answered < commandCount && commands[answered] == COMMIT) {
            reply.expectArray();
        }
        boolean executing = atomic && !queuing && !refusedToQueue && commands[answered] == COMMIT;
        return answered == commandCount || executing;
    }
    /** Until the transaction is to be executed, the answers only say whether the target took the commands. */
    private void takeQueued(int command, ReplyKind kind, ReplyReader reply) throws IOException {
        if (command != COMMIT) {
            aborted |= kind != ReplyKind.OK;
            if (kind.passes()) {
                postponed = kind.explain(target, reply.text());
            } else if (command >= 0 && kind.concernsTarget() && kind != ReplyKind.NO_PERMISSION) {
                stop(kind.explain(target, reply.text()));
            }
        } else if (kind == ReplyKind.OK && reply.integer() >= 0) {
            queuing = false; // the answers of the commands follow
            answered = firstOfTransaction();
        } else {
            aborted = true;
            if (kind.passes()) {
                postponed = kind.explain(target, reply.text());
            } else if (kind.concernsTarget()) {
                stop(kind.explain(target, reply.text()));
            }
        }
    }

    private int firstOfTransaction() {
        return commands[0] == BEGIN ? 1 : 2;
    }

    private void executed(int i) {
        settled[i] = true;
        executed++;
        bytes += batch.length(i);
    }

    private void settle(int i, ReplyKind kind, ReplyReader reply) {
        if (kind == ReplyKind.OK) {
            executed(i);
        } else if (kind.concernsTarget() && kind != ReplyKind.NO_PERMISSION) {
            stop(kind.explain(target, reply.text()));
            fail(i, stop);
        } else {
            fail(i, "the target refused the command (it answered: " + reply.text() + ")");
        }
    }

    private void fail(int i, String reason) {
        settled[i] = true;
        failed++;
        failures.add(KeyFailure.ofCommand(batch, i, reason));
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
        aborted = true;
        postponed = reason;
    }

    @Override
    public boolean isPostponed() {
        return postponed != null;
    }

    @Override
    public void complete() {
        if (stop != null || !aborted) {
            finish();
        } else if (postponed == null) {
            atomic = false; // it can't be executed as a whole, so it is command by command, to see which one it is
            sendAnew();
        } else if (again.isAllowedAfter(postponed)) {
            sendAnew();
        } else {
            fail(postponed, null);
        }
    }

    private void sendAnew() {
        aborted = false;
        postponed = null;
        again.send(this);
    }

    /** Ends the replay: nothing more is sent. */
    void finish() {
        if (stop == null) {
            batch.release();
            again.succeeded(executed > 0, marked ? Witness.of(mark) : null);
            future.complete(result());
            onEnd.run();
        } else {
            fail(stop, null);
        }
    }

    @Override
    public void lost(IOException why) {
        if (mark != null && stop == null && again.isAllowedAfter(why.getMessage())) {
            sendAnew();
        } else {
            fail(why.getMessage(), why.getCause());
        }
    }

    @Override
    public void unreachable(NotReadyException why) {
        fail(why.getMessage(), why.getCause());
    }

    @Override
    public void resolveDoubts(TargetCapabilities capabilities, int timeoutMillis) {
        // the mark tells, once a connection
    }

    @Override
    public void fail(String reason, Throwable cause) {
        if (!ended.compareAndSet(false, true)) {
            return;
        }
        for (int i = 0; i < settled.length; i++) {
            if (!settled[i]) {
                fail(i, reason);
            }
        }
        DeliveryException failure = new DeliveryException(reason, result(), cause);
        batch.breakOff(failure); // before the next batch is handed out: it must not run without this one
        future.completeExceptionally(failure);
        onEnd.run();
    }

    private RestoreResult result() {
        return RestoreResult.ofCommands(executed, failed, bytes, failures);
    }
}
