package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import java.nio.file.Files;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.Loss;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.LoadedCorpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;

/** Values that come by commands: the same as by {@code RESTORE}, under the same policies, with the same counts. */
class RebuildImportTest {
    private static final long YEAR_2100 = 4_102_444_800_000L;

    static Stream<Arguments> filesAndServers() {
        return RedisServers.all().stream().flatMap(program -> Corpus.good()
                .filter(name -> name.startsWith("types-")
                        || name.startsWith("streams-")
                        || name.startsWith("hash-field-ttl-")
                        || name.startsWith("plain-")
                        || name.startsWith("handmade-")
                        || name.startsWith("longpack-"))
                .map(file -> Arguments.of(file, program)));
    }

    @ParameterizedTest
    @MethodSource("filesAndServers")
    void commandsMakeWhatRestoreMakes(String file, RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RestoreResult restored =
                Imports.all(server, Files.newInputStream(Corpus.file(file)), DeliveryRules.of(ConflictPolicy.FAIL));
        Map<String, String> expected = values(server);
        RedisServers.shared(program);
        RestoreResult rebuilt =
                Imports.all(server, Files.newInputStream(Corpus.file(file)), Imports.rebuilding(ConflictPolicy.FAIL));
        assertThat(rebuilt.failures()).as("failures").isEqualTo(restored.failures());
        assertThat(rebuilt.unsupported()).isEqualTo(LoadedCorpus.unknownKeys(file, program));
        assertThat(rebuilt.keys()).isEqualTo(restored.keys());
        assertThat(rebuilt.failed()).isZero();
        Map<String, String> found = values(server);
        if (!rebuilt.losses().containsKey(Loss.NEGATIVE_ZERO)) {
            assertThat(found).isEqualTo(expected);
        }
        assertThat(found.keySet()).isEqualTo(expected.keySet());
    }

    static Stream<Arguments> expiredFilesAndServers() {
        return RedisServers.all().stream().flatMap(program -> Corpus.good()
                .filter(name -> name.startsWith("expired-"))
                .map(file -> Arguments.of(file, program)));
    }

    /** Fields whose time is over are not sent, where RESTORE brings them for the server to remove. */
    @ParameterizedTest
    @MethodSource("expiredFilesAndServers")
    void leavesOutWhatHasExpired(String file, RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RestoreResult result =
                Imports.all(server, Files.newInputStream(Corpus.file(file)), Imports.rebuilding(ConflictPolicy.FAIL));
        assertThat(result.failures()).isEmpty();
        assertThat(result.expired()).isPositive();
        try (Jedis jedis = server.jedis()) {
            LoadedCorpus.assertHolds(file, program, jedis);
            assertNothingIsLeft(jedis);
        }
    }

    /** With room for nothing, all but strings and values of modules are rebuilt while they are read. */
    @ParameterizedTest
    @MethodSource("filesAndServers")
    void commandsMakeTheSameOfWhatIsStreamed(String file, RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        Imports.all(server, Files.newInputStream(Corpus.file(file)), DeliveryRules.of(ConflictPolicy.FAIL));
        Map<String, String> expected = values(server);
        RedisServers.shared(program);
        RestoreResult rebuilt;
        try (RestorePipeline pipeline = Imports.pipeline(server)) {
            rebuilt = Imports.all(
                    pipeline,
                    Imports.reader(Files.newInputStream(Corpus.file(file)), Imports.LIMITS.withMaxBufferedValue(100)),
                    ConflictPolicy.FAIL);
        }
        expected.values().removeIf(value -> value.startsWith("MBbloom") || value.startsWith("vectorset"));
        Map<String, String> found = values(server);
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        Set<Loss> visible = EnumSet.of(Loss.NEGATIVE_ZERO, Loss.PENDING_OF_DELETED);
        if (Collections.disjoint(rebuilt.losses().keySet(), visible)) {
            assertThat(found).isEqualTo(expected);
        }
    }

    /** Of each key its database and name, then its type, digest and expiry. */
    private static Map<String, String> values(RedisServer server) {
        Map<String, String> values = new TreeMap<>();
        try (Jedis jedis = server.jedis()) {
            for (int db = 0; db < 16; db++) {
                jedis.select(db);
                for (byte[] key : jedis.keys(SafeEncoder.encode("*"))) {
                    Object digest = SafeEncoder.encodeObject(jedis.sendCommand(
                            () -> SafeEncoder.encode("DEBUG"), SafeEncoder.encode("DIGEST-VALUE"), key));
                    values.put(
                            db + " " + new String(key, ISO_8859_1),
                            jedis.type(key) + " " + digest + " " + jedis.pexpireTime(key));
                }
            }
        }
        return values;
    }

    private static RdbFile file() {
        RdbFile file = new RdbFile(MAGIC);
        for (int i = 0; i < 500; i++) {
            set(file, "a" + i);
        }
        file.db(3);
        for (int i = 0; i < 100; i++) {
            set(i % 2 == 0 ? file : file.expireAt(YEAR_2100), "b" + i);
        }
        return file.expireAt(1).record(2, "past").raw((byte) 1).text(new byte[] {'x'});
    }

    private static void set(RdbFile file, String key) {
        file.record(2, key).raw((byte) 2).text(new byte[] {'x'}).text(new byte[] {'y'});
    }

    private static void occupy(RedisServer server) {
        try (Jedis jedis = server.jedis()) {
            jedis.mset("a0", "mine", "a499", "mine", "other", "mine");
            jedis.select(3);
            jedis.set("b7", "mine");
            jedis.select(1);
            jedis.set("b8", "mine");
        }
    }

    private static void assertNothingIsLeft(Jedis jedis) {
        for (int db = 0; db < 4; db++) {
            jedis.select(db);
            assertThat(jedis.keys(TemporaryKey.PREFIX + "*")).isEmpty();
        }
        jedis.select(0);
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void followsTheConflictPolicies(RedisServers.Program program) throws Exception {
        for (ConflictPolicy policy : ConflictPolicy.values()) {
            RedisServer server = RedisServers.shared(program);
            assertThat(Imports.all(server, file().open(), Imports.rebuilding(policy))
                            .counts())
                    .isEqualTo(new OutcomeCounts(600, 0, 0, 1, 0, 0, 0, 0));
            RedisServers.shared(program);
            occupy(server);
            RestoreResult result = Imports.all(server, file().open(), Imports.rebuilding(policy));
            assertThat(result.imported()).isEqualTo(597);
            assertThat(result.replaced()).isEqualTo(policy == ConflictPolicy.REPLACE ? 3 : 0);
            assertThat(result.skipped()).isEqualTo(policy == ConflictPolicy.SKIP ? 3 : 0);
            assertThat(result.failed()).isEqualTo(policy == ConflictPolicy.FAIL ? 3 : 0);
            assertThat(result.keys()).isEqualTo(601);
            try (Jedis jedis = server.jedis()) {
                boolean replaces = policy == ConflictPolicy.REPLACE;
                assertThat(jedis.type("a0")).isEqualTo(replaces ? "set" : "string");
                assertThat(jedis.smembers("a1")).containsExactlyInAnyOrder("x", "y");
                assertThat(jedis.pexpireTime("a1")).isEqualTo(-1);
                jedis.select(3);
                assertThat(jedis.type("b7")).isEqualTo(replaces ? "set" : "string");
                assertThat(jedis.pexpireTime("b8")).isEqualTo(-1);
                assertThat(jedis.pexpireTime("b9")).isEqualTo(YEAR_2100);
                assertNothingIsLeft(jedis);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void leavesNothingOfAValueThatTheTargetRefuses(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program)) {
            try (Jedis jedis = server.jedis()) {
                jedis.aclSetUser("limited", "on", ">secret", "~*", "+@all", "-sadd");
                Target target = new Target("127.0.0.1", server.port(), "limited", Secret.of("secret"), false);
                try (RestorePipeline pipeline = Imports.pipeline(target)) {
                    DeliveryException failure = catchThrowableOfType(
                            DeliveryException.class,
                            () -> Imports.all(
                                    pipeline,
                                    Imports.reader(file().open(), Imports.LIMITS),
                                    Imports.rebuilding(ConflictPolicy.REPLACE)));
                    assertThat(failure).hasMessageContaining("sadd");
                    assertThat(failure.result().keys()).isEqualTo(601);
                }
                assertThat(jedis.dbSize()).isZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void countsWhatCommandsCannotCarry(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        RdbFile file = new RdbFile(MAGIC)
                .idle(500)
                .string("idle", "text")
                .frequency(7)
                .record(2, "often")
                .raw((byte) 1)
                .text(new byte[] {'x'})
                .string("neither", "text");
        RestoreResult result = Imports.all(server, file.open(), Imports.rebuilding(ConflictPolicy.REPLACE));
        assertThat(result.imported()).isEqualTo(3);
        assertThat(result.losses()).containsExactly(Map.entry(Loss.KEY_USE, 2L));
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.get("idle")).isEqualTo("text");
        }
    }
}
