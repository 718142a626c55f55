package org.redisbackup.rdb.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.Dialect;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.Loss;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.rdb.RestorePayload;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.RestoreParams;
import redis.clients.jedis.util.SafeEncoder;

/** Commands make the same value as {@code RESTORE}, as far as no loss was declared. */
class RebuildTest {
    private static final RdbLimits ROOMY = new RdbLimits(64 << 20, 1 << 20, 1 << 20);
    private static final List<String> FILES = List.of(
            "types-",
            "streams-",
            "hash-field-ttl-",
            "plain-encodings-",
            "longpack-",
            "handmade-v12",
            "handmade-valkey",
            "handmade-v13-s",
            "handmade-v15",
            "handmade-quicklist",
            "handmade-lzf");
    private static final long NOW = System.currentTimeMillis();
    /** What changes with time, or depends on how entries are spread over nodes. */
    private static final Set<String> INCOMPARABLE =
            Set.of("seen-time", "active-time", "radix-tree-keys", "radix-tree-nodes");
    /** Ids that mean none: no stream has entries with them, but servers that restore a type 15 write the greatest. */
    private static final Set<String> NOTHING = Set.of("0-0", "0-1", "18446744073709551615-18446744073709551615");

    static Stream<Arguments> filesAndServers() {
        return RedisServers.all().stream().flatMap(program -> Corpus.good()
                .filter(name -> FILES.stream().anyMatch(name::startsWith))
                .map(name -> Arguments.of(name, program)));
    }

    @ParameterizedTest
    @MethodSource("filesAndServers")
    void commandsMakeWhatRestoreMakes(String name, RedisServers.Program program) throws Exception {
        List<String> differences = new ArrayList<>();
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis();
                RawCommands raw = new RawCommands(server.port());
                BatchReader reader =
                        new BatchReader(Files.newInputStream(Corpus.file(name)), ROOMY, 1000, 1 << 20, 0)) {
            TargetFeatures features = features(program);
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    if (features.canHold(batch.type(i))) {
                        compare(batch, i, features, raw, jedis, differences);
                    }
                }
            }
        }
        assertThat(differences).isEmpty();
    }

    static TargetFeatures features(RedisServers.Program program) {
        String[] version = program.version().split("\\.");
        return TargetFeatures.of(
                program.name().equals("valkey") ? Dialect.VALKEY : Dialect.REDIS,
                Integer.parseInt(version[0]) * 100 + Integer.parseInt(version[1]));
    }

    private static void compare(
            KeyBatch batch, int i, TargetFeatures features, RawCommands raw, Jedis jedis, List<String> differences)
            throws IOException {
        String what = batch.type(i) + " at " + batch.offset(i);
        byte[] rebuilt = SafeEncoder.encode("rebuilt:" + batch.offset(i));
        byte[] restored = SafeEncoder.encode("restored:" + batch.offset(i));
        Set<Loss> losses = new ValueCommands(features, 64 << 20).rebuild(batch, i, rebuilt, NOW, raw);
        raw.readReplies().forEach(error -> differences.add(what + ": " + error));
        if (batch.expireAt(i) != KeyBatch.NO_EXPIRY) {
            jedis.pexpireAt(rebuilt, batch.expireAt(i)); // which counts in a digest
        }
        if (!isRestored(jedis, restored, batch, i)) {
            return;
        }
        Set<Loss> invisible = EnumSet.of(Loss.CONSUMER_TIMES);
        if (!invisible.containsAll(losses)) {
            if (!losses.equals(EnumSet.of(Loss.NEGATIVE_ZERO))) {
                differences.add(what + ": lost " + losses);
            }
            return;
        }
        if (!digest(jedis, rebuilt).equals(digest(jedis, restored))) {
            differences.add(what + ": another digest");
        }
        if (batch.type(i).logicalName().equals("stream")) {
            compareStreams(jedis, rebuilt, restored, what, differences);
        }
        if (batch.type(i).logicalName().equals("hash") && features.fieldExpiry()) {
            compareFieldExpiries(jedis, rebuilt, restored, what, differences);
        }
    }

    private static boolean isRestored(Jedis jedis, byte[] key, KeyBatch batch, int i) {
        int length = (int) batch.valueLength(i);
        byte[] payload = new byte[1 + length + RestorePayload.FOOTER];
        payload[0] = (byte) batch.type(i).id();
        System.arraycopy(batch.arena(), batch.valueOffset(i), payload, 1, length);
        RestorePayload.writeFooter(payload, 1 + length, batch.type(i).stampVersion(), batch.payloadCrc(i));
        boolean expires = batch.expireAt(i) != KeyBatch.NO_EXPIRY;
        RestoreParams params = expires ? RestoreParams.restoreParams().absTtl() : RestoreParams.restoreParams();
        try {
            jedis.restore(key, expires ? batch.expireAt(i) : 0, payload, params);
            return true;
        } catch (JedisDataException e) {
            return false; // of a type that this server does not know
        }
    }

    private static Object digest(Jedis jedis, byte[] key) {
        Object reply = jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), SafeEncoder.encode("DIGEST-VALUE"), key);
        return SafeEncoder.encodeObject(reply);
    }

    private static void compareStreams(
            Jedis jedis, byte[] rebuilt, byte[] restored, String what, List<String> differences) {
        Object left = comparable(streamInfo(jedis, rebuilt));
        Object right = comparable(streamInfo(jedis, restored));
        if (!left.equals(right)) {
            differences.add(what + ":\n" + left + "\n" + right);
        }
    }

    private static Object streamInfo(Jedis jedis, byte[] key) {
        return SafeEncoder.encodeObject(jedis.sendCommand(
                () -> SafeEncoder.encode("XINFO"),
                SafeEncoder.encode("STREAM"),
                key,
                SafeEncoder.encode("FULL"),
                SafeEncoder.encode("COUNT"),
                SafeEncoder.encode("0")));
    }

    private static Object comparable(Object reply) {
        if (!(reply instanceof List<?> list)) {
            return NOTHING.contains(String.valueOf(reply)) ? "nothing" : String.valueOf(reply);
        }
        List<Object> kept = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof String name && INCOMPARABLE.contains(name)) {
                i++;
            } else {
                kept.add(comparable(list.get(i)));
            }
        }
        return kept;
    }

    private static void compareFieldExpiries(
            Jedis jedis, byte[] rebuilt, byte[] restored, String what, List<String> differences) {
        byte[][] fields = jedis.hkeys(restored).toArray(byte[][]::new);
        if (fields.length > 0 && !jedis.hpexpireTime(rebuilt, fields).equals(jedis.hpexpireTime(restored, fields))) {
            differences.add(what + ": fields end at other times " + Arrays.toString(fields));
        }
    }
}
