package org.redisbackup.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.camel.impl.DefaultCamelContext;
import org.redisbackup.support.RedisCluster;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/**
 * What it takes to import into a cluster of three primaries, relative to one server: {@code ClusterBench FILE.rdb ROUNDS}
 * reads the local file through the data format and the component into both, in turn. All share the machine, so that with
 * few cores the processor time tells more than the wall time: of this process, and of all servers together. The first
 * round warms up and does not count.
 */
public final class ClusterBench {
    private final Path file;

    private record Measured(double wall, double client, double servers) {}

    private ClusterBench(Path file) {
        this.file = file;
    }

    public static void main(String[] arguments) throws Exception {
        ClusterBench bench = new ClusterBench(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        List<Double> walls = new ArrayList<>();
        List<Double> clients = new ArrayList<>();
        try (RedisServer single = RedisServer.start(RedisServers.embedded());
                RedisCluster cluster = RedisCluster.start(RedisServers.embedded(), false);
                DefaultCamelContext toSingle = LocalImport.start(Integer.toString(single.port()));
                DefaultCamelContext toCluster =
                        LocalImport.start(cluster.primaries().get(0).port() + "?mode=CLUSTER")) {
            for (int round = 0; round <= rounds; round++) {
                Measured one = bench.measure("one server", toSingle, List.of(single));
                Measured three = bench.measure("three primaries", toCluster, cluster.primaries());
                if (round > 0) {
                    walls.add(three.wall / one.wall);
                    clients.add(three.client / one.client);
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "three primaries relative to one server, medians: wall %.2f, processor time of the importer %.2f%n",
                median(walls),
                median(clients));
    }

    private Measured measure(String what, DefaultCamelContext context, List<RedisServer> servers) throws Exception {
        for (RedisServer server : servers) {
            try (Jedis jedis = server.jedis()) {
                Emptied.of(jedis);
            }
        }
        ProcessUse use = new ProcessUse(ProcessHandle.current().pid());
        use.look();
        double clientBefore = use.cpuSeconds();
        double serversBefore = processorSeconds(servers);
        long start = System.nanoTime();
        LocalImport.run(context, file);
        double wall = (System.nanoTime() - start) / 1e9;
        use.look();
        Measured measured =
                new Measured(wall, use.cpuSeconds() - clientBefore, processorSeconds(servers) - serversBefore);
        System.out.printf(
                Locale.ROOT,
                "%s: %.2f s, importer %.2f s, servers %.2f s, keys %s%n",
                what,
                measured.wall,
                measured.client,
                measured.servers,
                keys(servers));
        return measured;
    }

    private static double processorSeconds(List<RedisServer> servers) {
        double sum = 0;
        for (RedisServer server : servers) {
            try (Jedis jedis = server.jedis()) {
                sum += Suite.serverCpu(jedis);
            }
        }
        return sum;
    }

    private static List<Long> keys(List<RedisServer> servers) {
        List<Long> keys = new ArrayList<>();
        for (RedisServer server : servers) {
            try (Jedis jedis = server.jedis()) {
                keys.add(jedis.dbSize());
            }
        }
        return keys;
    }

    private static double median(List<Double> ratios) {
        ratios.sort(null);
        return ratios.get(ratios.size() / 2);
    }
}
