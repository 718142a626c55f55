package org.redisbackup.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.util.SafeEncoder;

/** Reads every key of a server as a whole, and makes it change its encoding: what a broken value would not survive. */
final class WholeKeys {
    private static final Pattern DATABASE = Pattern.compile("db(\\d+):");
    private static final byte[] LARGE = new byte[1000];

    private WholeKeys() {}

    /** Reads the keys of all databases. @return how many there are */
    static long readAll(Jedis jedis) {
        long read = 0;
        for (int db : databases(jedis)) {
            jedis.select(db);
            Set<byte[]> keys = jedis.keys("*".getBytes(StandardCharsets.US_ASCII));
            keys.forEach(key -> read(jedis, key));
            read += keys.size();
        }
        jedis.select(0);
        return read;
    }

    private static List<Integer> databases(Jedis jedis) {
        List<Integer> databases = new ArrayList<>();
        Matcher line = DATABASE.matcher(jedis.info("keyspace"));
        while (line.find()) {
            databases.add(Integer.valueOf(line.group(1)));
        }
        return databases;
    }

    /** Conversion to another encoding reads, and asserts, more than reading does. */
    private static void read(Jedis jedis, byte[] key) {
        jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), SafeEncoder.encode("DIGEST-VALUE"), key);
        switch (jedis.type(key)) {
            case "string" -> jedis.get(key);
            case "list" -> {
                jedis.lrange(key, 0, -1);
                jedis.lrange(key, -1, 0);
                jedis.rpush(key, LARGE);
            }
            case "set" -> {
                jedis.smembers(key);
                jedis.sadd(key, LARGE);
            }
            case "zset" -> {
                jedis.zrange(key, 0, -1);
                jedis.zrevrange(key, 0, -1);
                jedis.zadd(key, 1, LARGE);
            }
            case "hash" -> {
                jedis.hgetAll(key);
                jedis.hset(key, LARGE, LARGE);
            }
            case "stream" -> {
                jedis.xrange(key, (byte[]) null, null);
                jedis.sendCommand(
                        Command.XINFO,
                        SafeEncoder.encode("STREAM"),
                        key,
                        SafeEncoder.encode("FULL"),
                        SafeEncoder.encode("COUNT"),
                        SafeEncoder.encode("0"));
            }
            default -> throw new AssertionError("no way to read a " + jedis.type(key));
        }
    }
}
