package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;

/** Every backup into every server: what arrives is what a server has that loaded the file itself. */
class CorpusImportTest {
    private static final Pattern KEYSPACE = Pattern.compile("db(\\d+):keys=(\\d+),expires=(\\d+)");

    static Stream<Arguments> filesAndServers() {
        return RedisServers.all().stream()
                .flatMap(program -> Corpus.readable().map(file -> Arguments.of(file, program)));
    }

    @ParameterizedTest
    @MethodSource("filesAndServers")
    void arrivesAsIfLoaded(String file, RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RestoreResult result;
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            result = Imports.all(
                    pipeline,
                    Imports.reader(Files.newInputStream(Corpus.file(file)), Imports.LIMITS),
                    ConflictPolicy.FAIL);
        }
        JsonNode parsed = Corpus.parsed(file);
        assertThat(result.keys()).isEqualTo(parsed.get("keys").asLong());
        assertThat(result.failed()).as(result.failures().toString()).isZero();
        assertThat(result.functions()).isEqualTo(parsed.get("functions").asLong());
        assertThat(result.unsupported()).isEqualTo(unknownKeys(file, program));
        if (result.unsupported() == 0) {
            try (Jedis jedis = server.jedis()) {
                assertHoldsWhatWasLoaded(file, program, jedis);
            }
        }
    }

    private static void assertHoldsWhatWasLoaded(String file, RedisServers.Program program, Jedis jedis)
            throws Exception {
        Map<Integer, String> loaded = keyspace(Corpus.entry(file).get("loadedOnSameServer"));
        if (file.startsWith("expired-")) { // a hash of expired fields goes soon after RESTORE, but is never loaded
            Conditions.await(() -> keyspace(jedis).equals(loaded));
        }
        assertThat(keyspace(jedis)).isEqualTo(loaded);
        Set<String> digests = digests(file, program);
        if (!digests.isEmpty()) {
            assertThat(digests).containsExactly(digest(jedis));
        }
    }

    private static long unknownKeys(String file, RedisServers.Program program) {
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
        if (isNew(entry.get("server").asText()) == isNew(program.name() + "-" + program.version())) {
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
