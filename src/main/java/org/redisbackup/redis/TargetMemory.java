package org.redisbackup.redis;

import java.io.Closeable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The memory of a target's primaries, asked over connections of its own, which are kept until it is closed; then it may
 * be asked again.
 */
final class TargetMemory implements Closeable {
    private static final String NAME = TargetClient.NAME + "-memory";

    private final Target target;
    private final Topology topology;
    private final int timeoutMillis;
    private final Map<Address, Jedis> connections = new HashMap<>();

    /** @param timeoutMillis for a connection, and for each answer */
    TargetMemory(Target target, int timeoutMillis) {
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
            List<Address> primaries = topology.look().primaries();
            connections.entrySet().removeIf(open -> isGone(open, primaries));
            return primaries.stream()
                    .map(this::ask)
                    .min(Comparator.comparingLong(use -> use.roomUpTo(percent)))
                    .orElse(MemoryUse.UNKNOWN);
        } catch (RuntimeException | DeliveryException e) {
            close();
            return MemoryUse.UNKNOWN;
        }
    }

    private static boolean isGone(Map.Entry<Address, Jedis> open, List<Address> primaries) {
        boolean gone = !primaries.contains(open.getKey());
        if (gone) {
            close(open.getValue());
        }
        return gone;
    }

    private MemoryUse ask(Address primary) {
        Jedis connection = connections.computeIfAbsent(
                primary, address -> TargetClient.connect(target, address, timeoutMillis, NAME));
        return MemoryUse.of(primary.toString(), TargetClient.fields(connection.info("memory")));
    }

    @Override
    public synchronized void close() {
        connections.values().forEach(TargetMemory::close);
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
