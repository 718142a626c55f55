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

    /** Keys of types that the server does not know. */
    public static long unknownKeys(String file, RedisServers.Program program) {
        return Corpus.parsed(file).get("rdbTypes").properties().stream()
                .filter(type -> !knows(program, file, Integer.parseInt(type.getKey())))
                .mapToLong(type -> type.getValue().asLong())
                .sum();
    }

    /** From what version on servers restore a value type. The modules of the files are test modules, but for one. */
    private static boolean knows(RedisServers.Program program, String file, int type) {
        boolean valkey = program.name().equals("valkey");
        boolean valkeyFile = Corpus.parsed(file).get("magic").asText().startsWith("VALKEY");
        boolean vectorSet = file.startsWith("types-redis-8");
        return switch (type) {
            case 7 -> vectorSet && !valkey && program.version().compareTo("8") >= 0;
            case 20, 21 -> valkey || program.version().compareTo("7.2") >= 0;
            case 26, 27, 28, 30, 32 -> false; // of servers that the tests don't have
            case 22, 23, 24, 25 -> valkeyFile == valkey && program.version().compareTo(valkey ? "9.0" : "7.4") >= 0;
            default -> true;
        };
    }

    private static String digest(Jedis jedis) {
        return SafeEncoder.encode((byte[]) jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), "DIGEST"));
    }

    /** What servers of the same family have; since 7.2 zsets of the same content have another digest. */
    private static Set<String> digests(String file, RedisServers.Program program) {
        JsonNode entry = Corpus.entry(file);
        Set<String> digests = new HashSet<>();
        if (entry.has("loadedOnSameServer")
                && isNew(entry.get("server").asText()) == isNew(program.name() + "-" + program.version())) {
            digests.add(entry.get("loadedOnSameServer").get("digest").asText());
        }
        entry.path("loadMatrix").properties().forEach(other -> {
            if (isNew(other.getKey()) == isNew(program.name() + "-" + program.version())
                    && other.getValue().has("digest")) {
                digests.add(other.getValue().get("digest").asText());
            }
        });
        return digests;
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
