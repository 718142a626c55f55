package org.redisbackup.app.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XReadGroupParams;

/** The keys of the sample backups. They are the same each time, but for the expiries, which lie ten years ahead. */
final class SampleKeys {
    static final int MANY = 300_000;

    /** Commands sent before their replies are read. */
    private static final int PIPELINE = 5000;

    private static final Duration FAR = Duration.ofDays(3650);

    private SampleKeys() {}

    /** Every type of value in every encoding that the server has for it, in databases 0, 1 and 15. */
    static void allTypes(Jedis jedis) {
        strings(jedis);
        lists(jedis);
        setsAndSortedSets(jedis);
        hashes(jedis);
        streams(jedis);
        jedis.select(1);
        jedis.set("of:database", "1");
        jedis.hset("with:expiry", Map.of("field", "value"));
        jedis.pexpireAt("with:expiry", far());
        jedis.select(15);
        jedis.set("of:database", "15");
        jedis.select(0);
    }

    private static void strings(Jedis jedis) {
        jedis.set("string:empty", "");
        jedis.set("string:short", "hello");
        jedis.set("string:integer", "-1234567890");
        jedis.set("string:compressible", "all work and no play ".repeat(500));
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        jedis.set("string:binary".getBytes(StandardCharsets.UTF_8), noise);
        jedis.set("string:expiring", "kept for ten years");
        jedis.pexpireAt("string:expiring", far());
        jedis.setbit("string:bitmap", 4095, true);
        jedis.pfadd("string:hyperloglog", words("visitor", 1000));
    }

    private static void lists(Jedis jedis) {
        jedis.rpush("list:small", "one", "2", "three");
        jedis.rpush("list:large", words("element", 5000));
        jedis.pexpireAt("list:large", far());
    }

    private static void setsAndSortedSets(Jedis jedis) {
        jedis.sadd(
                "set:integers",
                IntStream.range(0, 200).mapToObj(Integer::toString).toArray(String[]::new));
        jedis.sadd("set:small", "red", "green", "blue");
        jedis.sadd("set:large", words("member", 2000));
        jedis.zadd("zset:small", Map.of("low", Double.NEGATIVE_INFINITY, "pi", Math.PI, "high", 1e300));
        Map<String, Double> scores = new HashMap<>();
        for (String member : words("player", 2000)) {
            scores.put(member, member.hashCode() / 7.0);
        }
        jedis.zadd("zset:large", scores);
        jedis.geoadd("zset:geo", 13.361389, 38.115556, "Palermo");
        jedis.geoadd("zset:geo", 15.087269, 37.502669, "Catania");
    }

    private static void hashes(Jedis jedis) {
        jedis.hset("hash:small", Map.of("name", "Ada", "born", "1815"));
        Map<String, String> fields = new HashMap<>();
        for (String field : words("field", 2000)) {
            fields.put(field, "value of " + field);
        }
        jedis.hset("hash:large", fields);
    }

    /** With deleted entries, and groups that have consumers with pending entries. */
    private static void streams(Jedis jedis) {
        for (int i = 1; i <= 500; i++) {
            jedis.xadd(
                    "stream:events",
                    new StreamEntryID(1_700_000_000_000L + i, 0),
                    Map.of("n", "" + i, "kind", "click"));
        }
        jedis.xdel("stream:events", new StreamEntryID(1_700_000_000_010L, 0));
        jedis.xgroupCreate("stream:events", "billing", new StreamEntryID(0, 0), false);
        jedis.xgroupCreate("stream:events", "audit", new StreamEntryID(1_700_000_000_100L, 0), false);
        for (String consumer : new String[] {"anna", "bert"}) {
            jedis.xreadGroup(
                    "billing",
                    consumer,
                    new XReadGroupParams().count(20),
                    Map.of("stream:events", StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
        }
        jedis.xack("stream:events", "billing", new StreamEntryID(1_700_000_000_001L, 0));
        jedis.xgroupCreate("stream:empty", "readers", new StreamEntryID(0, 0), true);
    }

    /** {@value #MANY} keys as an application has them: mostly small strings and hashes, some collections. */
    static void many(Jedis jedis) {
        Random random = new Random(2);
        try (Pipeline pipeline = jedis.pipelined()) {
            for (int i = 0; i < MANY; i++) {
                one(pipeline, i, random);
                if (i % PIPELINE == PIPELINE - 1) {
                    pipeline.sync();
                }
            }
        }
    }

    private static void one(Pipeline pipeline, int i, Random random) {
        switch (i % 10) {
            case 0, 1, 2, 3 -> pipeline.set("cache:page:" + i, hex(random, 60));
            case 4 -> pipeline.set("counter:" + i, Integer.toString(random.nextInt()));
            case 5 -> {
                pipeline.set("session:" + i, hex(random, 40));
                pipeline.pexpireAt("session:" + i, far());
            }
            case 6, 7 -> pipeline.hset("user:" + i, user(i, random));
            case 8 -> pipeline.rpush("cart:" + i, numbers(random, 8));
            default -> {
                pipeline.sadd("tags:" + i, numbers(random, 6));
                pipeline.zadd("scores:" + i / 1000, random.nextInt(1_000_000), "player:" + i);
            }
        }
    }

    private static Map<String, String> user(int i, Random random) {
        return Map.of(
                "name",
                "User " + i,
                "email",
                "user" + i + "@example.org",
                "token",
                hex(random, 16),
                "visits",
                Integer.toString(random.nextInt(10_000)));
    }

    private static String hex(Random random, int bytes) {
        byte[] noise = new byte[bytes];
        random.nextBytes(noise);
        return HexFormat.of().formatHex(noise);
    }

    private static String[] numbers(Random random, int count) {
        return random.ints(count).mapToObj(number -> "article:" + number).toArray(String[]::new);
    }

    private static String[] words(String word, int count) {
        String[] words = new String[count];
        Arrays.setAll(words, i -> word + ":" + i);
        return words;
    }

    private static long far() {
        return Instant.now().plus(FAR).toEpochMilli();
    }
}
