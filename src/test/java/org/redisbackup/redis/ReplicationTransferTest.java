package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.LoadedCorpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class ReplicationTransferTest {
    private static final int TIMEOUT_MILLIS = 10_000;

    private static RestoreResult transfer(RedisServer server, InputStream file, boolean mayReplace) throws IOException {
        return new ReplicationTransfer(server.target(), TIMEOUT_MILLIS, Imports.LIMITS).transfer(file, mayReplace);
    }

    static Stream<Arguments> filesAndServers() {
        return RedisServers.all().stream().flatMap(program -> Stream.of(
                        "types-redis-6.2.16.rdb", "types-redis-7.0.15.rdb", "big-redis-6.2.16.rdb")
                .map(file -> Arguments.of(file, program)));
    }

    @ParameterizedTest
    @MethodSource("filesAndServers")
    void arrivesAsIfLoaded(String file, RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            RestoreResult result = transfer(server, Files.newInputStream(Corpus.file(file)), false);
            JsonNode parsed = Corpus.parsed(file);
            assertThat(result.keys()).isEqualTo(parsed.get("keys").asLong());
            assertThat(result.functions()).isEqualTo(parsed.get("functions").asLong());
            LoadedCorpus.assertHolds(file, program, jedis);
            assertThat(jedis.info("replication")).contains("role:master");
            assertThat(jedis.set("written", "later")).isEqualTo("OK");
            assertThat(jedis.configGet("repl-diskless-load")).containsEntry("repl-diskless-load", "disabled");
        }
    }

    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void dropsNoKeysUnlessAllowed(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            jedis.set("precious", "1");
            RdbFile file = new RdbFile(Imports.MAGIC).strings("key", 10);
            assertThatThrownBy(() -> transfer(server, file.open(), false))
                    .hasMessage("The server at " + server.target().address()
                            + " holds 1 keys, which it would lose; allow that, or use another method");
            assertThat(jedis.get("precious")).isEqualTo("1");
            assertThat(transfer(server, file.open(), true).imported()).isEqualTo(10);
            assertThat(jedis.keys("*")).hasSize(10).doesNotContain("precious");
        }
    }

    /** What a server can't load does not cost it what it holds. */
    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void keepsTheOldKeysWhenTheFileIsBroken(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            jedis.set("precious", "1");
            byte[] whole = new RdbFile(Imports.MAGIC).strings("key", 100_000).bytes();
            byte[] cut = Arrays.copyOf(whole, whole.length / 2);
            assertThatThrownBy(() -> transfer(server, new ByteArrayInputStream(cut), true))
                    .isInstanceOf(RdbFormatException.class);
            RdbFile elsewhere =
                    new RdbFile("REDIS0010").strings("key", 1000).db(9999).strings("key", 1);
            assertThatThrownBy(() -> transfer(server, elsewhere.open(), true))
                    .isInstanceOf(DeliveryException.class)
                    .hasMessageContaining("it has keys in database 9999");
            RdbFile module = new RdbFile("REDIS0010")
                    .strings("key", 1000)
                    .record(7, "bad")
                    .raw((byte) 1, (byte) 0);
            assertThatThrownBy(() -> transfer(server, module.open(), true)).isInstanceOf(DeliveryException.class);
            Conditions.await(() -> jedis.info("persistence").contains("loading:0"));
            assertThat(jedis.info("replication")).contains("role:master");
            assertThat(jedis.keys("*")).containsExactly("precious");
        }
    }

    @ParameterizedTest
    @MethodSource(Imports.SERVERS)
    void canBeBrokenOff(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        ReplicationTransfer transfer = new ReplicationTransfer(server.target(), TIMEOUT_MILLIS, Imports.LIMITS);
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            StalledFile stalled = new StalledFile(
                    new RdbFile(Imports.MAGIC).strings("key", 10).bytes());
            CompletableFuture<RestoreResult> result = CompletableFuture.supplyAsync(() -> {
                try {
                    return transfer.transfer(stalled, false);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            Conditions.await(() -> stalled.stalls);
            transfer.breakOff();
            stalled.close();
            assertThatThrownBy(result::join).hasMessageContaining("was broken off");
            Conditions.await(() -> jedis.info("replication").contains("role:master"));
            assertThat(jedis.dbSize()).isZero();
        }
    }

    /** Half a file, of which the rest does not come. */
    private static final class StalledFile extends InputStream {
        private final byte[] bytes;
        private int position;
        private boolean closed;
        private volatile boolean stalls;

        StalledFile(byte[] bytes) {
            this.bytes = bytes;
        }

        @Override
        public synchronized int read() throws IOException {
            try {
                while (position >= bytes.length / 2 && !closed) {
                    stalls = true;
                    wait();
                }
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            if (closed) {
                throw new IOException("closed");
            }
            return bytes[position++] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            target[offset] = (byte) read();
            return 1;
        }

        @Override
        public synchronized void close() {
            closed = true;
            notifyAll();
        }
    }
}
