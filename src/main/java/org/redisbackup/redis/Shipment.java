package org.redisbackup.redis;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A batch on its way to the target, whatever it holds: what the pipeline knows of it. */
interface Shipment extends ReplySink {
    /** Completed when the batch is settled. */
    CompletableFuture<RestoreResult> future();

    /**
     * Sends what is to be sent next, or ends the shipment. The caller holds the connection's monitor.
     *
     * @throws IOException when the connection or the backup breaks
     */
    void writeBy(BatchWriter writer) throws IOException;

    /**
     * Asks, on a connection of its own, what of it the target holds already, if it may have been sent before.
     *
     * @throws NotReadyException when the target does not answer
     */
    void resolveDoubts(TargetCapabilities capabilities, int timeoutMillis) throws DeliveryException;

    /** The target can't be reached to send it. */
    void unreachable(NotReadyException why);

    /** The target can't take keys now, so that nothing more is sent. The first reason counts. */
    void stop(String reason);

    boolean isStopped();

    /** The target can't take keys at this moment, so that what is not settled is sent again after a while. */
    void postpone(String reason);

    boolean isPostponed();

    /** Ends the shipment; what was not answered counts as failed. */
    void fail(String reason, Throwable cause);
}
