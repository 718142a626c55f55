package org.redisbackup.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.MAGIC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.ImportPlace;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Keys that an import may have sent before it was broken off, in encodings that no server of today dumps. */
class EarlierDeliveryTest {
    private static final int STREAM_LISTPACKS = 15;

    private static RdbFile file(String element) {
        return new RdbFile(MAGIC)
                .string("short", element)
                .string("long", element.repeat(80)) // its length takes more bytes than servers give it
                .record(1, "list")
                .raw((byte) 2)
                .text(element.getBytes(US_ASCII))
                .text("b".getBytes(US_ASCII))
                .record(2, "set")
                .raw((byte) 2)
                .text(element.getBytes(US_ASCII))
                .text("b".getBytes(US_ASCII))
                .record(4, "hash")
                .raw((byte) 1)
                .text("field".getBytes(US_ASCII))
                .text(element.getBytes(US_ASCII))
                .record(5, "zset")
                .raw((byte) 1)
                .text(element.getBytes(US_ASCII))
                .raw(ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putDouble(1.5)
                        .array());
    }

    private static RestoreResult again(RedisServer server, RdbFile file) throws Exception {
        try (RestorePipeline pipeline = Imports.pipeline(server);
                BatchReader reader = Imports.reader(file.open(), Imports.LIMITS)) {
            KeyBatch batch = reader.next();
            batch.standsAt(new ImportPlace("import", 0, true));
            return Imports.await(pipeline.deliver(batch, ConflictPolicy.FAIL));
        }
    }

    private static long changes(Jedis server) {
        return Long.parseLong(
                server.info("persistence").replaceAll("(?s).*rdb_changes_since_last_save:(\\d+).*", "$1"));
    }

    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void areKnownAgainWithoutBeingWritten(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            RestoreResult first = Imports.all(server, file("a"), ConflictPolicy.FAIL);
            long before = changes(jedis);

            RestoreResult again = again(server, file("a"));

            assertThat(again.failures()).isEmpty();
            assertThat(again.imported()).isEqualTo(first.imported()).isEqualTo(6);
            assertThat(changes(jedis)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void areInConflictWhenTheyHoldSomethingElse(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        Imports.all(server, file("a"), ConflictPolicy.FAIL);

        assertThat(again(server, file("c")).failed()).isEqualTo(6);
    }

    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void areInConflictWhenTheyHoldAnotherType(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.sadd("key", "a");

            RdbFile list = new RdbFile(MAGIC).record(1, "key").raw((byte) 1).text("a".getBytes(US_ASCII));

            assertThat(again(server, list).failed()).isEqualTo(1);
        }
    }

    /** Of a stream a digest leaves something out, so that it is restored beside the other for a moment. */
    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void areComparedAsAWholeWhenTheyAreStreams(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        Imports.all(server, stream(7), ConflictPolicy.FAIL);

        assertThat(again(server, stream(7)).imported()).isEqualTo(1);
        assertThat(again(server, stream(8)).failed()).isEqualTo(1);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.keys("*")).containsExactly("stream");
        }
    }

    /** Without an entry. */
    private static RdbFile stream(int lastMillis) throws IOException {
        return new RdbFile(MAGIC)
                .record(STREAM_LISTPACKS, "stream")
                .raw((byte) 0, (byte) 0, (byte) lastMillis, (byte) 0, (byte) 0);
    }
}
