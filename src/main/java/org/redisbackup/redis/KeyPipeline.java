package org.redisbackup.redis;

import java.io.Closeable;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import org.redisbackup.aof.CommandBatch;
import org.redisbackup.rdb.KeyBatch;

/**
 * Delivers batches of keys or commands to one target; any number of callers share it.
 *
 * <p>Connections are opened when there is something to deliver, or {@link #connect soon will be}, and closed when there
 * was nothing for a while. An idle pipeline holds neither thread nor connection, so it may simply be forgotten.
 */
public interface KeyPipeline extends Closeable {
    /**
     * The right one for the mode of a target.
     *
     * @param connectTimeoutMillis for connecting, and for each answer while the target is asked what it is
     */
    static KeyPipeline to(Target target, int connectTimeoutMillis) {
        return to(target, connectTimeoutMillis, Sender.ALONE);
    }

    /** As {@link #to(Target, int)}, for one of several that may deliver the same keys. */
    static KeyPipeline to(Target target, int connectTimeoutMillis, Sender sender) {
        return unpaced(target, connectTimeoutMillis, sender, Pace.none());
    }

    private static KeyPipeline unpaced(Target target, int connectTimeoutMillis, Sender sender, Pace pace) {
        return switch (target.mode()) {
            case STANDALONE -> new RestorePipeline(target, connectTimeoutMillis, sender, pace);
            case CLUSTER, SENTINEL ->
                new RoutedPipeline(
                        target, Topology.of(target, connectTimeoutMillis), connectTimeoutMillis, sender, pace);
        };
    }

    /** As {@link #to(Target, int, Sender)}; batches go at a pace that spares the target. */
    static KeyPipeline to(Target target, int connectTimeoutMillis, Sender sender, Pace pace) {
        TargetGauge gauge = new TargetGauge(target, connectTimeoutMillis);
        return new PacedPipeline(
                target,
                unpaced(target, connectTimeoutMillis, sender, pace),
                gauge,
                gauge::longestAnswer,
                pace,
                InstantSource.system());
    }

    /**
     * Puts a batch in the queue and returns at once; how much may be in flight is the reader's concern. The batch is
     * released when it is settled, whatever happened.
     *
     * @return the result, completed on a thread of the pipeline: don't block there. It fails with a
     *     {@link DeliveryException} when the target can't take keys or the batch can't be read to its end
     */
    CompletableFuture<RestoreResult> deliver(KeyBatch batch, DeliveryRules rules);

    /** As {@link #deliver(KeyBatch, DeliveryRules)}, by the standard rules. */
    default CompletableFuture<RestoreResult> deliver(KeyBatch batch, ConflictPolicy policy) {
        return deliver(batch, DeliveryRules.of(policy));
    }

    /**
     * Puts a batch of commands in the queue, as {@link #deliver(KeyBatch, DeliveryRules)} does with keys. They are
     * executed as they stand, whatever the target holds.
     */
    CompletableFuture<RestoreResult> deliver(CommandBatch batch);

    /**
     * Opens its connection ahead of the first delivery, where that can be, without waiting for it. What goes wrong the
     * delivery will tell, which tries again.
     */
    default void connect() {}

    /** Whether there is neither work nor a connection. */
    boolean isIdle();

    /**
     * Ends the connections without waiting for anything, and fails what is in flight with this reason; later deliveries
     * fail. The target executes no command of which it has not received the last byte.
     */
    void breakOff(String reason);

    /** Waits up to ten seconds for what is in flight, then ends the connections; later deliveries fail. */
    @Override
    void close();
}
