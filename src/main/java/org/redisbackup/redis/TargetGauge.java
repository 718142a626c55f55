package org.redisbackup.redis;

import java.io.Closeable;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * How a target's primaries bear what is sent: how full their memory is, and how long another client waits for them. They
 * are asked over connections of its own, which are kept until it is closed; then they may be asked again.
 */
final class TargetGauge implements Closeable {
    private static final String NAME = TargetClient.NAME + "-gauge";

    private final Target target;
    private final Topology topology;
    private final int timeoutMillis;
    private final Map<Address, Jedis> connections = new HashMap<>();

    /** @param timeoutMillis for a connection, and for each answer */
    TargetGauge(Target target, int timeoutMillis) {
        this.target = target;
        this.timeoutMillis = timeoutMillis;
        topology = Topology.of(target, timeoutMillis);
    }

    /**
     * The primary with the least room.
     *
     * @param percent of each one's {@code maxmemory} that may be used
     * @return {@link MemoryUse#UNKNOWN} when one can't be asked: then what it makes of keys tells more
     */
    synchronized MemoryUse leastRoom(int percent) {
        try {
            return primaries().stream()
                    .map(this::ask)
                    .min(Comparator.comparingLong(use -> use.roomUpTo(percent)))
                    .orElse(MemoryUse.UNKNOWN);
        } catch (RuntimeException | DeliveryException e) {
            close();
            return MemoryUse.UNKNOWN;
        }
    }

    /**
     * How long the slowest of the primaries takes to answer a client that asks nearly nothing; those that have come since
     * the memory was asked for are left out.
     *
     * @return null when one can't be asked: then what it makes of keys tells more
     */
    synchronized Duration longestAnswer() {
        try {
            if (connections.isEmpty()) {
                primaries().forEach(this::connection);
            }
            return connections.values().stream()
                    .map(TargetGauge::answer)
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        } catch (RuntimeException | DeliveryException e) {
            close();
            return null;
        }
    }

    private static Duration answer(Jedis connection) {
        long asked = System.nanoTime();
        try {
            connection.ping();
        } catch (JedisDataException e) {
            // a refusal is an answer too
        }
        return Duration.ofNanos(System.nanoTime() - asked);
    }

    /** The primaries of now; connections to others are closed. */
    private List<Address> primaries() throws DeliveryException {
        List<Address> primaries = topology.look().primaries();
        connections.entrySet().removeIf(open -> isGone(open, primaries));
        return primaries;
    }

    private static boolean isGone(Map.Entry<Address, Jedis> open, List<Address> primaries) {
        boolean gone = !primaries.contains(open.getKey());
        if (gone) {
            close(open.getValue());
        }
        return gone;
    }

    private MemoryUse ask(Address primary) {
        return MemoryUse.of(
                primary.toString(), TargetClient.fields(connection(primary).info("memory")));
    }

    private Jedis connection(Address primary) {
        return connections.computeIfAbsent(
                primary, address -> TargetClient.connect(target, address, timeoutMillis, NAME));
    }

    @Override
    public synchronized void close() {
        connections.values().forEach(TargetGauge::close);
        connections.clear();
    }

    private static void close(Jedis connection) {
        try {
            connection.close();
        } catch (JedisException e) {
            // a connection that is broken says so once more
        }
    }
}
