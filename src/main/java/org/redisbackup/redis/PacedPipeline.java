package org.redisbackup.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.KeyBatch;

/**
 * Hands batches on to another pipeline in their order, as soon as the limits of a {@link Pace} and the target's memory
 * allow: until then they wait in a queue, which blocks nobody. As waiting batches are in flight for their reader, it reads
 * no further.
 *
 * <p>Where there is a limit to what other clients may wait, one thread behaves like one of them while batches are in flight:
 * it asks twice in that time, so that nobody waits half as long again without being seen, and a {@link TimeShare} follows
 * from the answers.
 *
 * <p>The target's memory is asked for by one thread, once a second while batches come, and oftener when it gets scarce.
 * There is neither a thread nor a connection for that when there was nothing to do for a few seconds.
 */
final class PacedPipeline implements KeyPipeline {
    private static final int IDLE_SECONDS = 5;
    private static final int CLOSE_SECONDS = 10;
    private static final int LONGEST_SILENCE_MILLIS = 50;

    /** The limits may have changed meanwhile, and there may be room. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private final Target target;
    private final KeyPipeline pipeline;
    private final TargetGauge gauge;
    private final Supplier<Duration> latency;
    private final Pace pace;
    private final InstantSource clock;
    private final ScheduledThreadPoolExecutor coordinator;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private final TokenBucket keys = new TokenBucket();
    private final TokenBucket bytes = new TokenBucket();
    private final MemoryBudget budget = new MemoryBudget();
    private final TimeShare share = new TimeShare();
    private int inFlight;
    private boolean looking;
    private boolean listening; // to how soon the target answers
    private Future<?> wake;
    private String givenUp; // why nothing is taken while the last look at the memory holds, or null
    private String closed; // why nothing is taken any more, or null

    /**
     * A batch whose turn has not come.
     *
     * @param delivery begins its delivery
     * @param refusal what counts its keys as failed
     */
    private record Waiting(
            Load load,
            Supplier<CompletableFuture<RestoreResult>> delivery,
            Supplier<Shipment> refusal,
            CompletableFuture<RestoreResult> future) {
        void refuse(String reason) {
            Shipment refused = refusal.get();
            refused.fail(reason, null);
            settleBy(refused.future());
        }

        void settleBy(CompletableFuture<RestoreResult> other) {
            var unused = other.whenComplete((result, failure) -> {
                if (failure == null) {
                    future.complete(result);
                } else {
                    future.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
                }
            });
        }
    }

    /**
     * @param pipeline to the same target, of which this is the only user
     * @param latency asks the target how long another client waits, or gives null when it can't be asked
     */
    PacedPipeline(
            Target target,
            KeyPipeline pipeline,
            TargetGauge gauge,
            Supplier<Duration> latency,
            Pace pace,
            InstantSource clock) {
        this.target = target;
        this.pipeline = pipeline;
        this.gauge = gauge;
        this.latency = latency;
        this.pace = pace;
        this.clock = clock;
        coordinator = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "redis-restore-pace " + target.address());
            thread.setDaemon(true);
            return thread;
        });
        coordinator.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        coordinator.allowCoreThreadTimeOut(true);
        coordinator.setRemoveOnCancelPolicy(true);
    }

    @Override
    public CompletableFuture<RestoreResult> deliver(KeyBatch batch, DeliveryRules rules) {
        return queue(
                Load.of(batch),
                () -> pipeline.deliver(batch, rules),
                () -> new Delivery(target, BatchPart.whole(batch), rules, Resending.NEVER, () -> {}));
    }

    @Override
    public CompletableFuture<RestoreResult> deliver(CommandBatch batch) {
        return queue(
                Load.of(batch),
                () -> pipeline.deliver(batch),
                () -> new Replay(target, batch, Resending.NEVER, () -> {}));
    }

    private CompletableFuture<RestoreResult> queue(
            Load load, Supplier<CompletableFuture<RestoreResult>> delivery, Supplier<Shipment> refusal) {
        Waiting batch = new Waiting(load, delivery, refusal, new CompletableFuture<>());
        String refused;
        synchronized (this) {
            refused = closed == null && !budget.isOld(clock.instant()) ? givenUp : closed;
            if (refused == null) {
                waiting.add(batch);
            }
        }
        if (refused != null) {
            batch.refuse(refused);
        } else {
            advance();
        }
        return batch.future();
    }

    /** Hands on what may go. */
    private void advance() {
        turn().forEach(this::send);
    }

    private synchronized List<Waiting> turn() {
        List<Waiting> turn = new ArrayList<>();
        Instant now = clock.instant();
        if (pace.limits().latencyMillis() == 0 && !share.isWhole()) {
            share.restore();
            pace.isNotAtItsSlowest();
        }
        while (!waiting.isEmpty() && closed == null && (share.isWhole() || inFlight == 0)) {
            Load next = waiting.element().load();
            Duration wait = wait(now);
            if (!wait.isZero()) {
                wakeAfter(wait, this::advance);
                break;
            }
            if (!hasRoomFor(next, now)) {
                awaitRoom(now);
                break;
            }
            keys.take(next.keys());
            bytes.take(next.bytes());
            budget.sent(next);
            inFlight++;
            turn.add(waiting.remove());
        }
        if (!turn.isEmpty() && pace.memoryPercent() > 0 && budget.isOld(now)) {
            look();
        }
        if (!turn.isEmpty() && pace.limits().latencyMillis() > 0 && !listening) {
            listening = true;
            listenAfter(0);
        }
        return turn;
    }

    private boolean hasRoomFor(Load load, Instant now) {
        boolean outdated = inFlight == 0 && budget.isOld(now);
        return pace.memoryPercent() == 0 || (!outdated && budget.admits(load));
    }

    private Duration wait(Instant now) {
        RateLimits limits = pace.limits();
        Duration forKeys = keys.wait(limits.keysPerSecond(), now);
        Duration forBytes = bytes.wait(limits.bytesPerSecond(), now);
        return Collections.max(List.of(forKeys, forBytes, share.wait(now)));
    }

    private void awaitRoom(Instant now) {
        if (budget.isStale(now)) {
            look();
        } else if (!looking) {
            wakeAfter(LONGEST_WAIT, this::advance);
        }
    }

    private void wakeAfter(Duration time, Runnable task) {
        if (wake != null) {
            wake.cancel(false);
        }
        Duration sooner = time.compareTo(LONGEST_WAIT) < 0 ? time : LONGEST_WAIT;
        wake = coordinator.schedule(task, sooner.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void send(Waiting batch) {
        Instant begun = clock.instant();
        CompletableFuture<RestoreResult> delivered;
        try {
            delivered = batch.delivery().get();
        } catch (RuntimeException | OutOfMemoryError e) {
            delivered = CompletableFuture.failedFuture(e);
        }
        batch.settleBy(delivered.whenComplete((result, failure) -> settled(batch.load(), begun)));
    }

    private synchronized void settled(Load load, Instant begun) {
        Instant now = clock.instant();
        inFlight--;
        share.settled(Duration.between(begun, now), now);
        budget.settled(load);
        if (closed != null) {
            return;
        }
        if (!waiting.isEmpty()) {
            coordinator.execute(this::advance); // not by the pipeline's own thread
        } else if (inFlight == 0) {
            wakeAfter(LONGEST_WAIT, this::rest);
        }
    }

    /** Gives up the connections, unless there is work after all. */
    private void rest() {
        synchronized (this) {
            if (inFlight > 0 || !waiting.isEmpty()) {
                return;
            }
        }
        pace.isNotAtItsSlowest();
        gauge.close();
    }

    private void look() {
        if (!looking) {
            looking = true;
            coordinator.execute(this::lookAtMemory);
        }
    }

    /** By the thread that does only this and hands on batches. */
    private void lookAtMemory() {
        MemoryBudget.Snapshot before;
        synchronized (this) {
            if (closed != null) {
                return;
            }
            before = budget.beginLook();
        }
        MemoryUse use = gauge.leastRoom(pace.memoryPercent());
        boolean exhausted;
        boolean room;
        Instant now = clock.instant();
        synchronized (this) {
            looking = false;
            budget.endLook(before, use, pace.memoryPercent(), pace.paused() != null, now);
            exhausted = budget.isExhausted() && !waiting.isEmpty();
            room = !budget.isFull();
        }
        if (room) {
            pace.room(use);
        }
        String tooLong = exhausted ? pace.noRoom(use, now) : null;
        synchronized (this) {
            givenUp = tooLong;
        }
        if (tooLong != null) {
            takeWaiting().forEach(batch -> batch.refuse(tooLong));
        }
        advance();
    }

    private void listenAfter(long millis) {
        var unused = coordinator.schedule(this::listen, Math.max(1, millis), TimeUnit.MILLISECONDS);
    }

    /** By the same thread, until nothing is in flight: what the target does then is not the import's doing. */
    private void listen() {
        synchronized (this) {
            listening = closed == null && inFlight > 0 && pace.limits().latencyMillis() > 0;
            if (!listening) {
                return;
            }
        }
        Duration answer = latency.get();
        synchronized (this) {
            long limit = pace.limits().latencyMillis();
            if (answer != null && limit > 0) {
                heard(answer, answer.compareTo(Duration.ofMillis(limit)) <= 0);
            }
            listening = closed == null;
            if (listening) {
                listenAfter(answer == null ? LONGEST_WAIT.toMillis() : Math.min(limit / 2, LONGEST_SILENCE_MILLIS));
            }
        }
    }

    private void heard(Duration answer, boolean inTime) {
        share.answered(inTime, clock.instant());
        if (!share.isLeast()) {
            pace.isNotAtItsSlowest();
        } else if (!inTime) {
            pace.goesAtItsSlowest(target, answer);
        }
    }

    private synchronized List<Waiting> takeWaiting() {
        List<Waiting> all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }

    @Override
    public synchronized void connect() {
        if (closed != null || inFlight > 0 || !waiting.isEmpty()) {
            return; // what waits has been promised a wake-up of its own
        }
        pipeline.connect();
        if (pace.memoryPercent() > 0) {
            look();
            wakeAfter(LONGEST_WAIT, this::rest);
        }
    }

    @Override
    public synchronized boolean isIdle() {
        return waiting.isEmpty() && inFlight == 0 && pipeline.isIdle();
    }

    @Override
    public void breakOff(String reason) {
        List<Waiting> refused = end(reason);
        pipeline.breakOff(reason);
        refused.forEach(batch -> batch.refuse(reason));
    }

    @Override
    public void close() {
        String reason = "The pipeline to " + target.address() + " was closed before the keys were sent";
        end(reason).forEach(batch -> batch.refuse(reason));
        pipeline.close();
        try {
            boolean unused = coordinator.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<Waiting> end(String reason) {
        if (closed == null) {
            closed = reason;
            if (wake != null) {
                wake.cancel(false);
            }
            coordinator.execute(gauge::close); // after a look that may wait for the target
            coordinator.shutdown();
        }
        return takeWaiting();
    }
}
