package org.redisbackup.redis;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.KeyBatch;

/**
 * Delivers batches of keys and of commands to one target through one connection, which any number of callers share. More connections to
 * one server gain nothing: it executes one command at a time.
 *
 * <p>The connection is opened by the first delivery, opened anew by the first one after it broke, and closed when there
 * was nothing to do for a while. An idle pipeline holds neither thread nor connection, so it may simply be forgotten.
 */
public final class RestorePipeline implements KeyPipeline {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int WAIT_MILLIS = 50;
    /** Between two attempts to send what the target has no memory for. */
    static final int ROOM_MILLIS = 500;

    private static final int IDLE_MILLIS = 30_000;
    private static final int SILENCE_MILLIS = 30_000;
    private static final int CLOSE_MILLIS = 10_000;

    private final Target target;
    private final int connectTimeoutMillis;
    private final int idleMillis;
    private final int silenceMillis;
    private final Sender sender;
    private final Pace pace;
    private final RetryBudget retries;
    private final BlockingDeque<Shipment> queue = new LinkedBlockingDeque<>();
    private volatile TargetConnection connection;
    private BatchWriter batchWriter;
    private Thread writer;
    private Shipment connecting; // whose keys wait for a connection that is being opened
    private boolean awaitsRoom; // the target had no memory for the last keys
    private int inFlight;
    private String run; // of the server when it was connected last, or null
    private Witness witness; // what it acknowledged last, or null
    private boolean wasConnected; // else a failure is more likely a wrong address than a restart
    private boolean closed;
    private volatile String brokenOff; // why, or null

    /**
     * @param connectTimeoutMillis for connecting, and for each answer while the target is asked what it is
     */
    public RestorePipeline(Target target, int connectTimeoutMillis) {
        this(target, connectTimeoutMillis, Sender.ALONE, Pace.none());
    }

    RestorePipeline(Target target, int connectTimeoutMillis, Sender sender) {
        this(target, connectTimeoutMillis, sender, Pace.none());
    }

    /** @param pace says how long it waits for room on the target, and is told when it waits for the target itself */
    RestorePipeline(Target target, int connectTimeoutMillis, Sender sender, Pace pace) {
        this(target, connectTimeoutMillis, sender, pace, PATIENCE, IDLE_MILLIS, SILENCE_MILLIS);
    }

    /** To one of several servers: what it does not take is handed back at once. */
    static RestorePipeline toNode(Target node, int connectTimeoutMillis, Sender sender, Pace pace) {
        return new RestorePipeline(
                node, connectTimeoutMillis, sender, pace, Duration.ZERO, IDLE_MILLIS, SILENCE_MILLIS);
    }

    /** @param patience how long batches are sent again without any success */
    RestorePipeline(
            Target target,
            int connectTimeoutMillis,
            Sender sender,
            Pace pace,
            Duration patience,
            int idleMillis,
            int silenceMillis) {
        this.sender = sender;
        this.pace = pace;
        retries = new RetryBudget(patience);
        this.target = target;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.idleMillis = idleMillis;
        this.silenceMillis = silenceMillis;
    }

    @Override
    public CompletableFuture<RestoreResult> deliver(KeyBatch batch, DeliveryRules rules) {
        return deliver(BatchPart.whole(batch), rules).future();
    }

    Delivery deliver(BatchPart part, DeliveryRules rules) {
        return ship(new Delivery(target, part, rules, new Again(), this::settled));
    }

    /**
     * Puts a batch of commands in the queue, as {@link #deliver(KeyBatch, DeliveryRules)} does with keys. They are
     * executed as they stand, whatever the target holds.
     */
    @Override
    public CompletableFuture<RestoreResult> deliver(CommandBatch batch) {
        return ship(new Replay(target, batch, new Again(), this::settled)).future();
    }

    private <S extends Shipment> S ship(S shipment) {
        boolean accepted;
        synchronized (this) {
            inFlight++;
            accepted = !closed;
            if (accepted) {
                queue.add(shipment);
                startWriter();
            }
        }
        if (!accepted) {
            shipment.fail(closedBefore("the keys were sent"), null);
        }
        return shipment;
    }

    @Override
    public synchronized boolean isIdle() {
        return writer == null;
    }

    @Override
    public void breakOff(String reason) {
        Shipment waiting;
        synchronized (this) {
            closed = true;
            brokenOff = reason;
            waiting = connecting;
            connecting = null;
            if (writer != null) {
                writer.interrupt();
            }
        }
        if (waiting != null) {
            waiting.fail(reason, null);
        }
        endConnection(reason);
        failQueued(reason, null);
    }

    @Override
    public synchronized void close() {
        closed = true;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        try {
            for (long rest = CLOSE_MILLIS; inFlight > 0 && rest > 0; ) {
                wait(rest);
                rest = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (writer != null) {
            writer.interrupt();
        }
        endConnection(closedBefore("the target had answered"));
    }

    private String closedBefore(String what) {
        return "The pipeline to " + target.address() + " was closed before " + what;
    }

    private synchronized void settled() {
        inFlight--;
        notifyAll();
    }

    /** What shipments ask for that are not settled yet. */
    private final class Again implements Resending {
        /** The batch is held in memory already, so its second pass comes before other batches. */
        @Override
        public void send(Shipment shipment) {
            boolean accepted;
            synchronized (RestorePipeline.this) {
                accepted = !closed || writer != null;
                if (accepted) {
                    queue.addFirst(shipment);
                    startWriter();
                }
            }
            if (!accepted) {
                shipment.fail(closedBefore("the keys were sent"), null);
            }
        }

        @Override
        public boolean isAllowedAfter(String failure) {
            boolean allowed;
            boolean noteworthy;
            synchronized (RestorePipeline.this) {
                allowed = wasConnected && !closed && retries.allowsAnother();
                noteworthy = allowed && retries.isNoteworthy();
            }
            if (noteworthy) {
                pace.waitsForTarget(failure);
            } else if (!allowed) {
                pace.targetIsGivenUp();
            }
            return allowed;
        }

        @Override
        public boolean awaitsRoom(String refusal) {
            boolean awaits = pace.awaitsRoom(refusal, Instant.now());
            synchronized (RestorePipeline.this) {
                awaitsRoom = awaits && !closed;
                return awaitsRoom;
            }
        }

        @Override
        public void succeeded(boolean tookSome, Witness newest) {
            synchronized (RestorePipeline.this) {
                retries.succeeded();
                awaitsRoom &= !tookSome;
                if (newest != null) {
                    witness = newest;
                }
            }
            if (tookSome) {
                pace.took();
            }
            pace.targetIsBack(target);
        }
    }

    private synchronized void startWriter() {
        if (writer == null) {
            writer = new Thread(this::write, "redis-restore-writer " + target.address());
            writer.setDaemon(true);
            writer.start();
        }
    }

    private void write() {
        Shipment next = null;
        try {
            while (true) {
                next = queue.poll(idleMillis, TimeUnit.MILLISECONDS);
                if (next != null) {
                    pause();
                    send(next);
                } else if (retires()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            String reason = brokenOff; // whoever breaks off interrupts before it ends the connection itself
            endConnection(reason == null ? closedBefore("the target had answered") : reason);
            synchronized (this) {
                writer = null;
            }
            if (next != null && (connection == null || !connection.owes(next))) {
                next.fail(reason == null ? closedBefore("the keys were sent") : reason, null);
            }
            failQueued(reason == null ? closedBefore("the keys were sent") : reason, null);
        }
    }

    /** After failures, for as long as they deserve. */
    private void pause() throws InterruptedException {
        long millis;
        synchronized (this) {
            millis = retries.hasFailed() ? retries.pauseMillis() : 0;
            millis = awaitsRoom ? Math.max(millis, ROOM_MILLIS) : millis;
        }
        TimeUnit.MILLISECONDS.sleep(millis);
    }

    private void send(Shipment shipment) throws InterruptedException {
        try {
            while (isConnectedFor(shipment) && !isSentBy(connection, shipment)) {
                // the connection ended between two batches, so the next one gets a new one
            }
        } catch (NotReadyException e) {
            notReady(shipment, e);
        } catch (DeliveryException e) {
            failWithQueued(shipment, e.getMessage(), e.getCause());
        } catch (RuntimeException | OutOfMemoryError e) {
            // without its thread the pipeline would take batches for ever and deliver none
            String why = "The keys for " + target.address() + " could not be sent (" + e + ")";
            endConnection(why);
            failWithQueued(shipment, why, e);
        }
    }

    private void notReady(Shipment shipment, NotReadyException why) {
        Resending again = new Again();
        if (why.isLoading()) {
            synchronized (this) {
                retries.progressed();
            }
        }
        if (again.isAllowedAfter(why.getMessage())) {
            again.send(shipment);
            return;
        }
        shipment.unreachable(why);
        for (Shipment next = queue.poll(); next != null; next = queue.poll()) {
            next.unreachable(why);
        }
    }

    /**
     * The permission is asked for when the connection is there: whoever withdraws it ends all connections that were there
     * before.
     *
     * @return false when the delivery was {@link #breakOff broken off} meanwhile
     */
    private boolean isConnectedFor(Shipment shipment) throws DeliveryException, InterruptedException {
        boolean connected = (connection != null && !connection.hasEnded()) || isOpenedFor(shipment);
        while (connected && !sender.mayWrite().getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(WAIT_MILLIS); // breaking off interrupts it
        }
        return connected;
    }

    private boolean isOpenedFor(Shipment shipment) throws DeliveryException {
        synchronized (this) {
            if (brokenOff != null) {
                throw new DeliveryException(brokenOff, RestoreResult.NONE, null);
            }
            connecting = shipment;
        }
        connection = TargetConnection.open(target, connectTimeoutMillis, silenceMillis, sender.name());
        requireWhatItAcknowledged(connection);
        batchWriter = new BatchWriter(target, connection);
        synchronized (this) {
            connecting = null;
            wasConnected = true;
            if (brokenOff == null) {
                return true;
            }
        }
        endConnection(brokenOff);
        return false;
    }

    /**
     * A server that restarted may have forgotten what it had acknowledged. That is not held here any more, so it can't be
     * sent again.
     *
     * @throws DeliveryException when it has, once; what is delivered later is another matter
     */
    private void requireWhatItAcknowledged(TargetConnection open) throws DeliveryException {
        Witness last;
        synchronized (this) {
            last = run == null || run.equals(open.run()) ? null : witness;
            run = last == null ? open.run() : run;
        }
        if (last == null) {
            return;
        }
        if (isLost(last)) {
            String why = target.address() + " restarted, or another server took its place, and what it had acknowledged"
                    + " is lost, such as " + last
                    + "; let it keep its data, and import again (under the conflict policy skip, only what is missing"
                    + " is written)";
            synchronized (this) {
                run = open.run();
                witness = null;
            }
            endConnection(why);
            throw new DeliveryException(why, RestoreResult.NONE, null);
        }
        synchronized (this) {
            run = open.run();
        }
        pace.targetKeptItsData(target);
    }

    private boolean isLost(Witness last) throws DeliveryException {
        try {
            return last.isLost(target, connectTimeoutMillis);
        } catch (NotReadyException e) {
            endConnection(e.getMessage()); // the next one is asked again
            throw e;
        }
    }

    /**
     * Writes the next pass of a shipment. What goes wrong is told to it, here or by the connection's end.
     *
     * @return false when the connection had ended before
     */
    private boolean isSentBy(TargetConnection open, Shipment shipment) throws DeliveryException {
        shipment.resolveDoubts(open.capabilities(), connectTimeoutMillis);
        synchronized (open) {
            if (open.hasEnded()) {
                return false;
            }
            try {
                shipment.writeBy(batchWriter);
            } catch (BrokenValueException e) {
                open.end(e);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                open.broke(e);
                if (!open.owes(shipment)) {
                    shipment.lost(open.whyEnded());
                }
                return true;
            }
            flush(open);
            return true;
        }
    }

    private void flush(TargetConnection open) {
        if (queue.isEmpty() && !open.hasEnded()) {
            try {
                open.flush();
            } catch (IOException e) {
                open.broke(e);
            }
        }
    }

    /** Gives up thread and connection, unless there is work after all. */
    private synchronized boolean retires() {
        if (!queue.isEmpty() || (connection != null && !connection.isQuiet())) {
            return false;
        }
        endConnection("The connection to " + target.address() + " was idle");
        writer = null;
        return true;
    }

    private void endConnection(String why) {
        TargetConnection open = connection;
        if (open != null) {
            open.end(new IOException(why));
        }
    }

    /** What is queued by somebody who has heard of this failure is another matter. */
    private void failWithQueued(Shipment shipment, String reason, Throwable cause) {
        List<Shipment> all = new ArrayList<>(List.of(shipment));
        queue.drainTo(all);
        all.forEach(each -> each.fail(reason, cause));
    }

    private void failQueued(String reason, Throwable cause) {
        for (Shipment next = queue.poll(); next != null; next = queue.poll()) {
            next.fail(reason, cause);
        }
    }
}
