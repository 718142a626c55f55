package org.redisbackup.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.CuttingProxy;
import org.redisbackup.support.Packing;
import org.redisbackup.support.Packing.Compression;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;

/**
 * An import whose service is killed again and again. The moments are random; {@code -Dredisbackup.chaos.seed} repeats
 * them, {@code -Dredisbackup.chaos.kills} says how many there are, and how much is imported.
 */
class ChaosTest {
    private static final int KILLS = Integer.getInteger("redisbackup.chaos.kills", 4);
    private static final long SEED = Long.getLong("redisbackup.chaos.seed", System.nanoTime());
    private static final long BYTES_PER_SECOND = Long.getLong("redisbackup.chaos.speed", 150_000);
    private static final int KEYS = 20_000;
    private static final int COMMANDS = 40_000;

    /** A batch that is sent again is too much of a small import. */
    private static final int ENOUGH_FOR_A_SHARE = 50;

    private static final int MOST_SENT_AGAIN_PERCENT = 5;

    private final Random random = new Random(SEED);

    @Test
    void whatIsKilledAtAnyMomentEndsAsIfItHadNotBeen() throws Exception {
        System.out.println("Chaos: " + KILLS + " kills, -Dredisbackup.chaos.seed=" + SEED);
        Map<String, byte[]> files = files(1 + KILLS / 5);
        try (RunningService clean = RunningService.start(Map.of());
                RunningService servers = RunningService.withoutService();
                CuttingProxy slow = new CuttingProxy(S3Server.server().endpoint()).limitEach(BYTES_PER_SECOND)) {
            files.forEach(clean::put);
            files.forEach(servers::put);
            JsonNode expected = clean.stats(succeeded(clean, clean.create(clean.body("chaos/"))));
            long changes = changes(clean);

            Map<String, String> properties = new HashMap<>(servers.properties());
            properties.put(
                    "camel.component.aws2-s3.uriEndpointOverride",
                    slow.endpoint().toString());
            JsonNode stats = importWithKills(servers, properties, changes);
            long again = changes(servers) - changes;
            System.out.println("Chaos: " + again + " of " + changes + " keys and commands were sent again, "
                    + found(servers) / 2 + " were found on the target instead");

            try (Jedis target = servers.target();
                    Jedis cleanTarget = clean.target()) {
                assertThat(target.dbSize()).isEqualTo(cleanTarget.dbSize());
                assertThat(digest(target)).isEqualTo(digest(cleanTarget));
            }
            for (String count : new String[] {"total_keys", "imported_keys", "replaced_keys", "failed_keys"}) {
                assertThat(stats.get(count)).as(count + " of " + stats).isEqualTo(expected.get(count));
            }
            if (KILLS >= ENOUGH_FOR_A_SHARE) {
                assertThat(again * 100 / changes).isLessThan(MOST_SENT_AGAIN_PERCENT);
            }
        }
    }

    private JsonNode importWithKills(RunningService servers, Map<String, String> properties, long changes)
            throws Exception {
        String id = null;
        int kills = 0;
        for (; kills < KILLS; kills++) {
            try (ServiceProcess service = ServiceProcess.start(properties)) {
                if (id == null) {
                    id = servers.create(servers.body("chaos/"));
                }
                long until = changes(servers) + changes / KILLS * (50 + random.nextInt(50)) / 100;
                String task = id;
                Conditions.await(
                        Duration.ofMinutes(3),
                        () -> changes(servers) >= until || hasEnded(servers, task),
                        reached -> reached);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(400)); // any moment, not one that is special
                if (hasEnded(servers, id)) {
                    break;
                }
                service.kill();
            }
            try (Jedis state = servers.state()) { // nobody has to wait for what can't live any more
                state.keys("redisbackup:owner:*").forEach(state::del);
            }
        }
        System.out.println("Chaos: killed " + kills + " times");
        assertThat(kills).isGreaterThanOrEqualTo(KILLS / 2);
        try (ServiceProcess last = ServiceProcess.start(properties)) {
            assertThat(last.pid()).isPositive();
            String task = id;
            Conditions.await(Duration.ofMinutes(5), () -> hasEnded(servers, task), ended -> ended);
            return servers.stats(succeeded(servers, id));
        }
    }

    private static boolean hasEnded(RunningService servers, String id) {
        try (Jedis state = servers.state()) {
            return state.hexists("redisbackup:task:" + id, "released");
        }
    }

    private static String succeeded(RunningService service, String id) throws Exception {
        try (Jedis state = service.state()) {
            Conditions.await(
                    Duration.ofMinutes(2),
                    () -> state.hgetAll("redisbackup:task:" + id),
                    task -> task.containsKey("released"));
            assertThat(state.hget("redisbackup:task:" + id, "status"))
                    .as(state.hget("redisbackup:task:" + id, "error"))
                    .isEqualTo("SUCCESS");
        }
        return id;
    }

    /** Of all keys, values and databases. */
    private static String digest(Jedis server) {
        return new String((byte[]) server.sendCommand(() -> "DEBUG".getBytes(US_ASCII), "DIGEST"), US_ASCII);
    }

    /** How often a key of the target was written, as it counts for a server that is to save itself some time. */
    private static long changes(RunningService service) {
        try (Jedis target = service.target()) {
            return number(target.info("persistence"), "rdb_changes_since_last_save");
        }
    }

    /** Values and expiries that were asked for and were there; commands that write count for nothing here. */
    private static long found(RunningService service) {
        try (Jedis target = service.target()) {
            return number(target.info("stats"), "keyspace_hits");
        }
    }

    private static long number(String info, String name) {
        return Long.parseLong(info.replaceAll("(?s).*" + name + ":(\\d+).*", "$1"));
    }

    private Map<String, byte[]> files(int sets) {
        Map<String, byte[]> files = new TreeMap<>();
        for (int set = 0; set < sets; set++) {
            String prefix = "chaos/" + set;
            files.put(prefix + "-plain.rdb", dump(set + "plain", 2 * KEYS));
            files.put(prefix + "-packed.rdb.gz", Compression.GZ.of(dump(set + "packed", KEYS)));
            files.put(prefix + "-commands.aof", commands(set));
            files.put(
                    prefix + "-archive.zip",
                    Packing.zip(Packing.files("a.rdb", dump(set + "a", KEYS / 2), "b.rdb", dump(set + "b", KEYS / 2))));
        }
        return files;
    }

    private byte[] dump(String prefix, int keys) {
        RdbFile file = new RdbFile("REDIS0010").db(0);
        byte[] value = new byte[100];
        for (int i = 0; i < keys; i++) {
            if (i == keys / 2) {
                file.db(3);
            }
            random.nextBytes(value);
            file.string(prefix + i, value);
        }
        return file.bytes();
    }

    /** Each of which changes something when it is executed twice, or not at all. */
    private byte[] commands(int set) {
        AofFile file = new AofFile();
        for (int i = 0; i < COMMANDS; i++) {
            if (i % 1000 == 0) {
                file.command("SELECT", Integer.toString(i / 1000 % 5));
            }
            String number = Integer.toString(random.nextInt(500));
            switch (i % 3) {
                case 0 -> file.command("INCR", set + "counter" + number);
                case 1 -> file.command("RPUSH", set + "list" + number, Integer.toString(i));
                default -> file.command("APPEND", set + "text" + number, Integer.toString(i));
            }
        }
        return file.bytes();
    }
}
