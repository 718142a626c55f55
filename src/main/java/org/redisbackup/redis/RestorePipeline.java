package org.redisbackup.redis;

import java.time.Duration;
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
    private static final int IDLE_MILLIS = 30_000;
    private static final int SILENCE_MILLIS = 30_000;
    private static final int CLOSE_MILLIS = 10_000;

    private final Target target;
    private final int idleMillis;
    private final Sender sender;
    private final Attempts attempts;
    private final RestartCheck restartCheck;
    private final TargetLink link;
    private final Resending again = new Again();
    private final BlockingDeque<Shipment> queue = new LinkedBlockingDeque<>();
    private Thread writer;
    private Shipment connecting; // whose keys wait for a connection that is being opened, or null
    private int inFlight;
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
        attempts = new Attempts(target, pace, patience);
        restartCheck = new RestartCheck(target, pace, connectTimeoutMillis);
        link = new TargetLink(target, connectTimeoutMillis, silenceMillis, sender.name(), restartCheck);
        this.target = target;
        this.idleMillis = idleMillis;
    }

    @Override
    public CompletableFuture<RestoreResult> deliver(KeyBatch batch, DeliveryRules rules) {
        return deliver(BatchPart.whole(batch), rules).future();
    }

    Delivery deliver(BatchPart part, DeliveryRules rules) {
        return ship(new Delivery(target, part, rules, again, this::settled));
    }

    /**
     * Puts a batch of commands in the queue, as {@link #deliver(KeyBatch, DeliveryRules)} does with keys. They are
     * executed as they stand, whatever the target holds.
     */
    @Override
    public CompletableFuture<RestoreResult> deliver(CommandBatch batch) {
        return ship(new Replay(target, batch, again, this::settled)).future();
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
    public synchronized void connect() {
        if (!closed && link.isNew()) {
            startWriter();
        }
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
            attempts.end();
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
        link.end(reason);
        failQueued(reason, null);
    }

    @Override
    public synchronized void close() {
        closed = true;
        attempts.end();
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
        link.end(closedBefore("the target had answered"));
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
            return attempts.isAllowedAfter(failure);
        }

        @Override
        public boolean awaitsRoom(String refusal) {
            return attempts.awaitsRoom(refusal);
        }

        @Override
        public void succeeded(boolean tookSome, Witness newest) {
            if (newest != null) {
                restartCheck.acknowledged(newest);
            }
            attempts.succeeded(tookSome);
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
            if (queue.isEmpty() && link.isNew()) {
                connectAhead();
            }
            while (true) {
                next = queue.poll(idleMillis, TimeUnit.MILLISECONDS);
                if (next != null) {
                    TimeUnit.MILLISECONDS.sleep(attempts.pauseMillis());
                    send(next);
                } else if (retires()) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            String reason = brokenOff; // whoever breaks off interrupts before it ends the connection itself
            link.end(reason == null ? closedBefore("the target had answered") : reason);
            synchronized (this) {
                writer = null;
            }
            if (next != null && !link.owes(next)) {
                next.fail(reason == null ? closedBefore("the keys were sent") : reason, null);
            }
            failQueued(reason == null ? closedBefore("the keys were sent") : reason, null);
        }
    }

    private void connectAhead() {
        try {
            boolean unused = isOpenedFor(null);
        } catch (DeliveryException | RuntimeException | OutOfMemoryError e) {
            // the first shipment meets it again
        }
    }

    private void send(Shipment shipment) throws InterruptedException {
        try {
            while (isConnectedFor(shipment) && !link.takes(shipment)) {
                // the connection ended between two batches, so the next one gets a new one
            }
            if (queue.isEmpty()) {
                link.flush();
            }
        } catch (NotReadyException e) {
            notReady(shipment, e);
        } catch (DeliveryException e) {
            failWithQueued(shipment, e.getMessage(), e.getCause());
        } catch (RuntimeException | OutOfMemoryError e) {
            // without its thread the pipeline would take batches for ever and deliver none
            String why = "The keys for " + target.address() + " could not be sent (" + e + ")";
            link.end(why);
            failWithQueued(shipment, why, e);
        }
    }

    private void notReady(Shipment shipment, NotReadyException why) {
        if (why.isLoading()) {
            attempts.isLoading();
        }
        if (attempts.isAllowedAfter(why.getMessage())) {
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
        boolean connected = link.isOpen() || isOpenedFor(shipment);
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
        link.open();
        synchronized (this) {
            connecting = null;
            attempts.connected();
            if (brokenOff == null) {
                return true;
            }
        }
        link.end(brokenOff);
        return false;
    }

    /** Gives up thread and connection, unless there is work after all. */
    private synchronized boolean retires() {
        if (!queue.isEmpty() || !link.isQuiet()) {
            return false;
        }
        link.end("The connection to " + target.address() + " was idle");
        writer = null;
        return true;
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
