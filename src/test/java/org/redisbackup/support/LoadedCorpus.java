package org.redisbackup.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.util.SafeEncoder;

/** What a server holds that loaded a backup of the corpus by itself. */
public final class LoadedCorpus {
    private static final Pattern KEYSPACE = Pattern.compile("db(\\d+):keys=(\\d+),expires=(\\d+)");

    private LoadedCorpus() {}

    /** The same keys in each database, with the same values and expiries. */
    public static void assertHolds(String file, RedisServers.Program program, Jedis jedis) throws Exception {
        JsonNode entry = Corpus.entry(file);
        Map<Integer, String> loaded =
                keyspace(entry.has("loadedOnSameServer") ? entry.get("loadedOnSameServer") : Corpus.parsed(file));
        if (file.startsWith("expired-")) { // a hash of expired fields goes soon after RESTORE, but is never loaded
            Conditions.await(() -> keyspace(jedis).equals(loaded));
        }
        assertThat(keyspace(jedis)).isEqualTo(loaded);
        Set<String> digests = digests(file, program);
        if (!digests.isEmpty()) {
            assertThat(digests).containsExactly(digest(jedis));
        }
        assertExpiries(file, jedis);
    }

    private static void assertExpiries(String file, Jedis jedis) throws IOException {
        long now = System.currentTimeMillis();
        List<Corpus.Truth> expiring = Corpus.truth(file).stream()
                .filter(truth -> truth.expireAt() > now)
                .toList();
        for (int db : expiring.stream().map(Corpus.Truth::db).distinct().toList()) {
            jedis.select(db);
            Pipeline pipeline = jedis.pipelined();
            Map<Corpus.Truth, Response<Long>> found = new HashMap<>();
            expiring.stream()
                    .filter(truth -> truth.db() == db)
                    .forEach(truth ->
                            found.put(truth, pipeline.pexpireTime(HexFormat.of().parseHex(truth.keyHex()))));
            pipeline.sync();
            found.forEach((truth, time) ->
                    assertThat(time.get()).as("expiry of %s", truth).isEqualTo(truth.expireAt()));
        }
    }

    /** Keys of types that the server has no room for, in whatever way they come. */
    public static long unknownKeys(String file, RedisServers.Program program) {
        return Corpus.parsed(file).get("rdbTypes").properties().stream()
                .filter(type -> !canHold(program, file, Integer.parseInt(type.getKey())))
                .mapToLong(type -> type.getValue().asLong())
                .sum();
    }

    /** The modules of the files are test modules, but for one; arrays are of servers that the tests don't have. */
    private static boolean canHold(RedisServers.Program program, String file, int type) {
        boolean vectorSet = file.startsWith("types-redis-8");
        return switch (type) {
            case 7 ->
                vectorSet && program.name().equals("redis") && program.version().compareTo("8") >= 0;
            case 28 -> false;
            default -> true;
        };
    }

    private static String digest(Jedis jedis) {
        return SafeEncoder.encode((byte[]) jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), "DIGEST"));
    }

    /** What comparable servers had that loaded the file. */
    private static Set<String> digests(String file, RedisServers.Program program) {
        JsonNode entry = Corpus.entry(file);
        String server = program.name() + "-" + program.version();
        Set<String> digests = new HashSet<>();
        if (entry.has("loadedOnSameServer") && isComparable(entry.get("server").asText(), server, file)) {
            digests.add(entry.get("loadedOnSameServer").get("digest").asText());
        }
        entry.path("loadMatrix").properties().forEach(other -> {
            if (isComparable(other.getKey(), server, file) && other.getValue().has("digest")) {
                digests.add(other.getValue().get("digest").asText());
            }
        });
        return digests;
    }

    /** Since 7.2 zsets of the same content have another digest; hashes with times of fields have one in each family. */
    private static boolean isComparable(String one, String other, String file) {
        boolean fieldsExpire = Stream.of("22", "23", "24", "25")
                .anyMatch(type -> Corpus.parsed(file).get("rdbTypes").has(type));
        boolean sameFamily = one.startsWith("valkey-") == other.startsWith("valkey-");
        return isNew(one) == isNew(other) && (sameFamily || !fieldsExpire);
    }

    /**
     * @param server such as redis-7.0.15
     */
    private static boolean isNew(String server) {
        return server.startsWith("valkey-")
                || server.substring("redis-".length()).compareTo("7.2") >= 0;
    }

    private static Map<Integer, String> keyspace(Jedis jedis) {
        Map<Integer, String> keyspace = new TreeMap<>();
        Matcher line = KEYSPACE.matcher(jedis.info("keyspace"));
        while (line.find()) {
            keyspace.put(Integer.valueOf(line.group(1)), line.group(2) + " keys, " + line.group(3) + " expires");
        }
        return keyspace;
    }

    private static Map<Integer, String> keyspace(JsonNode loaded) {
        Map<Integer, String> keyspace = new TreeMap<>();
        loaded.get("dbs").properties().forEach(db -> {
            if (db.getValue().get("keys").asInt() > 0) {
                keyspace.put(
                        Integer.valueOf(db.getKey()),
                        db.getValue().get("keys").asText() + " keys, "
                                + db.getValue().get("expires").asText() + " expires");
            }
        });
        return keyspace;
    }
}
