package org.redisbackup.redis;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.redisbackup.aof.CommandBatch;

/**
 * A batch of commands on its way. They are sent once and in order; what one of them answers does not keep the others
 * back, as it would not have where they were recorded.
 *
 * <p>Planned by the writing thread; once it is expected, the thread that reads the replies settles it.
 */
final class Replay implements Shipment {
    private final Target target;
    private final CommandBatch batch;
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

    /** @param onEnd run once, after the future was completed */
    Replay(Target target, CommandBatch batch, Runnable onEnd) {
        this.target = target;
        this.batch = batch;
        this.onEnd = onEnd;
        settled = new boolean[batch.size()];
        commands = new int[2 * batch.size()];
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

    /**
     * Plans what is sent; commands that can't be are settled here.
     *
     * @return the number of commands, those that select a database among them
     */
    int plan(TargetConnection connection) {
        Databases databases = connection.databases();
        int db = databases.selected();
        for (int i = 0; i < batch.size(); i++) {
            String refusal = refusal(connection, i);
            if (refusal != null) {
                fail(i, refusal);
                continue;
            }
            if (batch.db(i) != db) {
                db = batch.db(i);
                commands[commandCount++] = ~db;
            }
            commands[commandCount++] = i;
        }
        databases.select(db);
        return commandCount;
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

    /** A command's index, or the complement of a database to select. */
    int command(int position) {
        return commands[position];
    }

    @Override
    public boolean take(ReplyKind kind, ReplyReader reply) throws IOException {
        int command = commands[answered++];
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
            settled[i] = true;
            executed++;
            bytes += batch.length(i);
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
    public void complete() {
        finish();
    }

    /** Ends the replay: nothing more is sent. */
    void finish() {
        if (stop == null) {
            batch.release();
            future.complete(result());
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
