package org.redisbackup.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.KeyBatch;

/**
 * Delivers batches to a target whose {@link Topology} says where keys go: a pipeline for each primary, and one thread
 * that divides batches, follows redirections and failovers, and gives up when that leads nowhere for a minute.
 *
 * <p>What a primary did not answer for is sent again, maybe to the one that took its place. What it answered for is
 * not: servers copy to their replicas after they answered, so a primary that dies may take keys with it that were
 * counted.
 */
final class RoutedPipeline implements KeyPipeline {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int IDLE_SECONDS = 30;
    private static final int CLOSE_MILLIS = 10_000;

    private final Target target;
    private final Topology topology;
    private final int connectTimeoutMillis;
    private final Duration patience;
    private final Sender sender;
    private final Pace pace;
    private final ScheduledThreadPoolExecutor coordinator;
    private final Set<RoutedDelivery> underWay = ConcurrentHashMap.newKeySet();
    private final Map<Address, RestorePipeline> nodes = new HashMap<>();
    private String closed; // why nothing is taken any more, or null
    private SlotMap slots; // this and the next belong to the coordinator
    private long lookedAt;

    RoutedPipeline(Target target, Topology topology, int connectTimeoutMillis) {
        this(target, topology, connectTimeoutMillis, Sender.ALONE, Pace.none());
    }

    /** @param pace says how long it waits for room on the target */
    RoutedPipeline(Target target, Topology topology, int connectTimeoutMillis, Sender sender, Pace pace) {
        this(target, topology, connectTimeoutMillis, sender, pace, PATIENCE);
    }

    /** @param patience how long keys are sent again without any success */
    RoutedPipeline(
            Target target, Topology topology, int connectTimeoutMillis, Sender sender, Pace pace, Duration patience) {
        this.sender = sender;
        this.pace = pace;
        this.target = target;
        this.topology = topology;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.patience = patience;
        coordinator = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "redis-restore-router " + target.address());
            thread.setDaemon(true);
            return thread;
        });
        coordinator.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        coordinator.allowCoreThreadTimeOut(true);
        coordinator.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public CompletableFuture<RestoreResult> deliver(KeyBatch batch, DeliveryRules rules) {
        RoutedDelivery delivery = new RoutedDelivery(
                target,
                batch,
                rules,
                new FunctionLibraries(target, connectTimeoutMillis, rules.conflictPolicy(), batch),
                new RetryBudget(patience),
                this::later);
        underWay.add(delivery);
        CompletableFuture<RestoreResult> settled = delivery.future().whenComplete((result, failure) -> {
            underWay.remove(delivery);
            synchronized (this) {
                notifyAll();
            }
        });
        later(delivery);
        return settled;
    }

    /** Where a command's keys lie is not known of every command, and a failover could run it twice: so none is sent. */
    @Override
    public CompletableFuture<RestoreResult> deliver(CommandBatch batch) {
        Replay refused = new Replay(target, batch, Resending.NEVER, () -> {});
        refused.fail(
                "append-only files can't be replayed into " + target.address()
                        + ", which is a cluster or watched by Sentinels; import a snapshot (RDB)",
                null);
        return refused.future();
    }

    /** Goes on with a delivery after the pause that its failures deserve. */
    private void later(RoutedDelivery delivery) {
        try {
            var unused = coordinator.schedule(() -> advance(delivery), delivery.pauseMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            delivery.fail(whyClosed(), null);
        }
    }

    /** One round of a delivery, from the look at the topology to the parts in their queues. */
    private void advance(RoutedDelivery delivery) {
        if (delivery.hasEnded()) {
            return;
        }
        try {
            lookFor(delivery);
            delivery.loadFunctions(slots);
            delivery.nextRound(slots).forEach((part, node) -> send(delivery, part, node));
        } catch (NotReadyException e) {
            if (slots == null) { // it was never there: more likely a wrong address than a failover
                delivery.fail(e.getMessage(), e.getCause());
            } else if (delivery.budget().allowsAnother()) {
                lookedAt = 0;
                later(delivery);
            } else {
                delivery.fail(delivery.gaveUp(e.getMessage()).getMessage(), e.getCause());
            }
        } catch (DeliveryException e) {
            delivery.fail(e.getMessage(), e.getCause());
        } catch (RuntimeException | OutOfMemoryError e) {
            delivery.fail("The keys for " + target.address() + " could not be sent (" + e + ")", e);
        }
    }

    private void lookFor(RoutedDelivery delivery) throws DeliveryException {
        boolean due = slots == null
                || lookedAt == 0
                || delivery.doubtsTopologySince()
                        .filter(since -> since - lookedAt >= 0)
                        .isPresent();
        if (due) {
            long now = System.nanoTime();
            slots = topology.look();
            lookedAt = now;
        }
        delivery.teach(slots);
    }

    private void send(RoutedDelivery delivery, BatchPart part, Address node) {
        try {
            Delivery sent = node(node).deliver(part, delivery.rules());
            var unused = sent.future().whenComplete((result, failure) -> {
                DeliveryException why = failure == null ? null : (DeliveryException) unwrap(failure);
                delivery.partEnded(sent, why == null ? result : why.result(), why);
            });
        } catch (DeliveryException e) {
            delivery.partRefused(part, e);
        } catch (RuntimeException | OutOfMemoryError e) {
            String why = "The keys for " + node + " could not be sent (" + e + ")";
            delivery.partRefused(part, new DeliveryException(why, RestoreResult.NONE, e));
        }
    }

    private static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }

    private synchronized RestorePipeline node(Address address) throws DeliveryException {
        if (closed != null) {
            throw new DeliveryException(closed, RestoreResult.NONE, null);
        }
        nodes.values().removeIf(RestorePipeline::isIdle);
        return nodes.computeIfAbsent(
                address, node -> RestorePipeline.toNode(target.at(node), connectTimeoutMillis, sender, pace));
    }

    private synchronized String whyClosed() {
        return closed;
    }

    @Override
    public synchronized boolean isIdle() {
        return underWay.isEmpty() && nodes.values().stream().allMatch(RestorePipeline::isIdle);
    }

    @Override
    public void breakOff(String reason) {
        shutDown(reason).forEach(node -> node.breakOff(reason));
        underWay.forEach(delivery -> delivery.fail(reason, null));
    }

    @Override
    public void close() {
        awaitQuiet();
        String reason = "The pipeline to " + target.address() + " was closed before the target had answered";
        shutDown(reason).forEach(RestorePipeline::close);
        underWay.forEach(delivery -> delivery.fail(reason, null));
    }

    private synchronized void awaitQuiet() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
        try {
            for (long rest = CLOSE_MILLIS; !underWay.isEmpty() && rest > 0; ) {
                wait(rest);
                rest = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized List<RestorePipeline> shutDown(String reason) {
        if (closed == null) {
            closed = reason;
        }
        coordinator.shutdownNow();
        return List.copyOf(nodes.values());
    }
}
