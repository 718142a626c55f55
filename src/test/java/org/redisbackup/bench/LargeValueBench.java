package org.redisbackup.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.redisbackup.redis.LargeValueImport;
import org.redisbackup.support.LargeValue;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/**
 * Imports a value that is larger than the heap, in a process with {@code -Xmx256m}, while a client looks at the target all
 * the time: {@code LargeValueBench hash FIELDS} or {@code LargeValueBench string BYTES}. Prints how large the client saw
 * the value, how often, and what the import took.
 */
public final class LargeValueBench {
    private LargeValueBench() {}

    public static void main(String[] arguments) throws Exception {
        boolean hash = arguments[0].equals("hash");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        try (RedisServer server = RedisServer.start(RedisServers.embedded(), "--proto-max-bulk-len", "1gb");
                Jedis jedis = server.jedis()) {
            List<String> command = List.of(
                    java,
                    "-Xmx256m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    LargeValueImport.class.getName(),
                    Integer.toString(server.port()),
                    arguments[0],
                    arguments[1]);
            Process process = new ProcessBuilder(command).inheritIO().start();
            ProcessUse use = new ProcessUse(process.pid());
            TreeMap<Long, Long> seen = new TreeMap<>();
            while (process.isAlive()) {
                seen.merge(hash ? jedis.hlen(LargeValue.KEY) : jedis.strlen(LargeValue.KEY), 1L, Long::sum);
                use.look();
            }
            seen.merge(hash ? jedis.hlen(LargeValue.KEY) : jedis.strlen(LargeValue.KEY), 1L, Long::sum);
            System.out.printf(
                    "sizes seen, and how often: %s; keys %d; %.1f s of processor time, %d MB resident%n",
                    seen, jedis.dbSize(), use.cpuSeconds(), use.peakBytes() >> 20);
        }
    }
}
