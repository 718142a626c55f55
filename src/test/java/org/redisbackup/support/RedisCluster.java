package org.redisbackup.support;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.redisbackup.redis.Address;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.TargetMode;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;

/** A real cluster of three primaries, with a replica each or none, that shares the slots evenly. */
public final class RedisCluster implements AutoCloseable {
    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16384;
    private static final int ATTEMPTS = 3;

    private final List<RedisServer> nodes = new ArrayList<>();

    /**
     * Starts the nodes, and waits until they agree.
     *
     * @param arguments more arguments of each node
     */
    public static RedisCluster start(RedisServers.Program program, boolean replicas, String... arguments)
            throws Exception {
        RedisCluster cluster = new RedisCluster();
        try {
            for (int i = 0; i < (replicas ? 2 : 1) * PRIMARIES; i++) {
                cluster.nodes.add(startNode(program, arguments));
            }
            cluster.join();
            if (replicas) {
                cluster.replicate();
            }
            return cluster;
        } catch (Exception | AssertionError e) {
            cluster.close();
            throw e;
        }
    }

    private static RedisServer startNode(RedisServers.Program program, String... arguments) throws IOException {
        for (int attempt = 1; ; attempt++) { // somebody may take the port of the bus before
            List<String> all = new ArrayList<>(List.of(arguments));
            all.addAll(List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "1000"));
            all.addAll(List.of("--repl-diskless-sync-delay", "0", "--cluster-port", freePort()));
            try {
                return RedisServer.start(program, all.toArray(String[]::new));
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    private void join() throws Exception {
        for (int i = 0; i < nodes.size(); i++) {
            try (Jedis jedis = nodes.get(i).jedis()) {
                if (i < PRIMARIES) {
                    jedis.clusterAddSlotsRange(SLOTS * i / PRIMARIES, SLOTS * (i + 1) / PRIMARIES - 1);
                }
                jedis.sendCommand(Protocol.Command.CLUSTER, "SET-CONFIG-EPOCH", Integer.toString(i + 1));
                if (i > 0) {
                    String port = Integer.toString(nodes.get(0).port());
                    jedis.sendCommand(Protocol.Command.CLUSTER, "MEET", "127.0.0.1", port, busPort(nodes.get(0)));
                }
            }
        }
        for (RedisServer node : nodes) {
            Conditions.await(
                    () -> info(node),
                    info -> info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + nodes.size()));
        }
    }

    private static String busPort(RedisServer node) {
        try (Jedis jedis = node.jedis()) {
            return jedis.configGet("cluster-port").get("cluster-port");
        }
    }

    private void replicate() throws Exception {
        for (int i = PRIMARIES; i < nodes.size(); i++) {
            try (Jedis replica = nodes.get(i).jedis()) {
                String primary = id(nodes.get(i - PRIMARIES));
                replica.clusterReplicate(primary);
                Conditions.await(() -> replica.info("replication"), info -> info.contains("master_link_status:up"));
            }
        }
        for (RedisServer node : nodes) { // a replica stands for election only where it is known as one
            try (Jedis jedis = node.jedis()) {
                Conditions.await(
                        () -> jedis.clusterNodes(),
                        known -> known.lines()
                                        .filter(line -> line.contains("slave"))
                                        .count()
                                == nodes.size() - PRIMARIES);
            }
        }
    }

    private static String info(RedisServer node) {
        try (Jedis jedis = node.jedis()) {
            return jedis.clusterInfo();
        }
    }

    public static String id(RedisServer node) {
        try (Jedis jedis = node.jedis()) {
            return jedis.clusterMyId();
        }
    }

    /** The nodes that were started as primaries. */
    public List<RedisServer> primaries() {
        return nodes.subList(0, PRIMARIES);
    }

    /** The node that was started as the replica of a primary. */
    public RedisServer replicaOf(RedisServer primary) {
        return nodes.get(nodes.indexOf(primary) + PRIMARIES);
    }

    /** Named by one of its nodes. */
    public Target target() {
        return new Target(
                TargetMode.CLUSTER,
                List.of(new Address("127.0.0.1", nodes.get(0).port())),
                null,
                null,
                null,
                null);
    }

    /** Whether a slot is one of those that a node was started with. */
    public boolean serves(RedisServer node, long slot) {
        int i = nodes.indexOf(node);
        return slot >= SLOTS * i / PRIMARIES && slot < SLOTS * (i + 1) / PRIMARIES;
    }

    /** Removes all keys and functions. */
    public void clear() {
        for (RedisServer node : primaries()) {
            try (Jedis jedis = node.jedis()) {
                jedis.flushAll();
                jedis.functionFlush();
            }
        }
    }

    @Override
    public void close() {
        Stream.iterate(nodes.size() - 1, i -> i >= 0, i -> i - 1)
                .map(nodes::get)
                .forEach(RedisServer::close);
    }
}
