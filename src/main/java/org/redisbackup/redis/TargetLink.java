package org.redisbackup.redis;

import java.io.IOException;

/**
 * What shipments to one server are written to: a connection that is opened anew when it has ended, unless the server lost
 * what it had acknowledged. One thread at a time opens and writes; any may end it.
 */
final class TargetLink {
    private final Target target;
    private final int connectTimeoutMillis;
    private final int silenceMillis;
    private final String name;
    private final RestartCheck restartCheck;
    private volatile TargetConnection connection; // null before the first one
    private BatchWriter writer;

    /** Takes what {@link TargetConnection#open} does. */
    TargetLink(Target target, int connectTimeoutMillis, int silenceMillis, String name, RestartCheck restartCheck) {
        this.target = target;
        this.connectTimeoutMillis = connectTimeoutMillis;
        this.silenceMillis = silenceMillis;
        this.name = name;
        this.restartCheck = restartCheck;
    }

    /** Whether no connection was opened yet. */
    boolean isNew() {
        return connection == null;
    }

    boolean isOpen() {
        TargetConnection last = connection;
        return last != null && !last.hasEnded();
    }

    /** @throws DeliveryException when the target can't be used, or has lost what it acknowledged */
    void open() throws DeliveryException {
        connection = TargetConnection.open(target, connectTimeoutMillis, silenceMillis, name);
        try {
            restartCheck.connected(connection.run());
        } catch (DeliveryException e) {
            end(e.getMessage());
            throw e;
        }
        writer = new BatchWriter(target, connection);
    }

    /**
     * Writes the next pass of a shipment, maybe not to its last byte before {@link #flush}. What goes wrong is told to it,
     * here or by the connection's end.
     *
     * @return false when the connection had ended before
     */
    boolean takes(Shipment shipment) throws DeliveryException {
        TargetConnection open = connection;
        shipment.resolveDoubts(open.capabilities(), connectTimeoutMillis);
        synchronized (open) {
            if (open.hasEnded()) {
                return false;
            }
            try {
                shipment.writeBy(writer);
            } catch (BrokenValueException e) {
                open.end(e);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                open.broke(e);
                if (!open.owes(shipment)) {
                    shipment.lost(open.whyEnded());
                }
            }
            return true;
        }
    }

    void flush() {
        TargetConnection open = connection;
        synchronized (open) {
            if (open.hasEnded()) {
                return;
            }
            try {
                open.flush();
            } catch (IOException e) {
                open.broke(e);
            }
        }
    }

    /** Whether no reply is due. */
    boolean isQuiet() {
        TargetConnection last = connection;
        return last == null || last.isQuiet();
    }

    /** Whether replies to this shipment are due. */
    boolean owes(Shipment shipment) {
        TargetConnection last = connection;
        return last != null && last.owes(shipment);
    }

    /** Ends the connection, if there is one; what waits for replies is told why. */
    void end(String why) {
        TargetConnection open = connection;
        if (open != null) {
            open.end(new IOException(why));
        }
    }
}
