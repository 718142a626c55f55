package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * The slots of a cluster, as {@code CLUSTER SLOTS} tells them. Whichever node answers first is believed, each time
 * another one is asked first, and the nodes that were named before are asked as well as those of the configuration.
 */
final class ClusterTopology implements Topology {
    /** Deprecated by Redis 7.0 and known to all versions, unlike {@code SHARDS}. */
    private static final String SLOTS = "SLOTS";

    private static final String NO_CLUSTER = "ERR This instance has cluster support disabled";
    private static final String UNKNOWN_NAME = "?";

    private final Target target;
    private final int timeoutMillis;
    private List<Address> known = List.of();
    private int turn;

    ClusterTopology(Target target, int timeoutMillis) {
        this.target = target;
        this.timeoutMillis = timeoutMillis;
    }

    @Override
    public SlotMap look() throws DeliveryException {
        Set<Address> all = new LinkedHashSet<>(known);
        all.addAll(target.addresses());
        List<Address> candidates = List.copyOf(all);
        DeliveryException failure = null;
        for (int i = 0; i < candidates.size(); i++) {
            Address node = candidates.get((turn + i) % candidates.size());
            try {
                SlotMap map = ask(node);
                turn = turn + i + 1;
                return map;
            } catch (DeliveryException e) {
                failure = e;
            }
        }
        throw failure;
    }

    private SlotMap ask(Address node) throws DeliveryException {
        try (Jedis jedis = TargetClient.connect(target, node, timeoutMillis, true)) {
            Set<Address> named = new LinkedHashSet<>();
            SlotMap map = read((List<?>) jedis.sendCommand(Protocol.Command.CLUSTER, SLOTS), node, named);
            if (map.isEmpty()) {
                throw new NotReadyException(
                        node + " serves no slots and knows no node that does; finish the cluster", null);
            }
            known = List.copyOf(named);
            return map;
        } catch (JedisException | IllegalArgumentException e) {
            throw failure(node, e);
        }
    }

    private DeliveryException failure(Address node, RuntimeException e) {
        Exception told = e instanceof JedisDataException && e.getMessage().startsWith(NO_CLUSTER)
                ? new IllegalArgumentException("is no node of a cluster; import with the mode standalone")
                : e;
        return Handshake.failure(target.at(node), timeoutMillis, told);
    }

    /**
     * Reads {@code [[first, last, [host, port, ...], [host, port, ...]...]...]}: of each range the primary comes first.
     *
     * @param named gets the address of every node
     */
    private static SlotMap read(List<?> ranges, Address asked, Set<Address> named) {
        SlotMap map = new SlotMap();
        for (Object each : ranges) {
            List<?> range = (List<?>) each;
            List<Address> nodes = new ArrayList<>();
            for (Object node : range.subList(2, range.size())) {
                nodes.add(address((List<?>) node, asked));
            }
            named.addAll(nodes);
            map.assign(number(range.get(0)), number(range.get(1)), nodes.get(0));
        }
        return map;
    }

    /** A node that does not know by what name clients reach it tells none: then it is that of the one which was asked. */
    private static Address address(List<?> node, Address asked) {
        String host = node.get(0) == null ? "" : new String((byte[]) node.get(0), UTF_8);
        boolean nameless = host.isEmpty() || host.equals(UNKNOWN_NAME);
        return new Address(nameless ? asked.host() : host, number(node.get(1)));
    }

    private static int number(Object integer) {
        return Math.toIntExact((Long) integer);
    }
}
