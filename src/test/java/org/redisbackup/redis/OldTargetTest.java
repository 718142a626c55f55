package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.MAGIC;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.rdb.Loss;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/**
 * Targets older than the servers at hand: a Redis 7.0 without the commands that they lack, behind a proxy that lets it tell
 * an old version. It proves what is sent, not what an old server makes of it.
 */
class OldTargetTest {
    private static final String VERSION = "redis_version:7.0.15";

    /** Passes on what a client and the server say, with another version. */
    private static final class OldServer implements AutoCloseable {
        private final ServerSocket listening = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        private final List<Socket> sockets = new ArrayList<>();
        private final int port;
        private final byte[] version;

        OldServer(int port, String version) throws IOException {
            this.port = port;
            this.version = ("redis_version:" + version).getBytes(StandardCharsets.US_ASCII);
            assertThat(this.version).hasSize(VERSION.length());
            start(this::accept);
        }

        private static void start(Runnable work) {
            Thread thread = new Thread(work, "old-server");
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                while (true) {
                    Socket client = listening.accept();
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                    synchronized (sockets) {
                        sockets.add(client);
                        sockets.add(server);
                    }
                    start(() -> copy(client, server, false));
                    start(() -> copy(server, client, true));
                }
            } catch (IOException e) {
                // closed
            }
        }

        private void copy(Socket from, Socket to, boolean changes) {
            byte[] buffer = new byte[1 << 16];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    int at = new String(buffer, 0, count, StandardCharsets.ISO_8859_1).indexOf(VERSION);
                    if (changes && at >= 0) {
                        System.arraycopy(version, 0, buffer, at, version.length);
                    }
                    out.write(buffer, 0, count);
                }
            } catch (IOException e) {
                // the other direction was closed
            }
        }

        Target target() {
            return new Target("127.0.0.1", listening.getLocalPort(), null, null, false);
        }

        @Override
        public void close() throws IOException {
            listening.close();
            synchronized (sockets) {
                for (Socket socket : sockets) {
                    socket.close();
                }
            }
        }
    }

    private static RedisServer without(String... commands) throws IOException {
        List<String> arguments = new ArrayList<>();
        for (String command : commands) {
            arguments.addAll(List.of("--rename-command", command, ""));
        }
        return RedisServer.start(RedisServers.embedded(), arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"types-redis-2.8.24.rdb", "types-redis-7.0.15.rdb", "plain-encodings-redis-8.0.6.rdb"})
    void getsValuesByTheCommandsThatItHas(String file) throws Exception {
        try (RedisServer server = without("RESTORE", "UNLINK", "XADD", "XGROUP", "XSETID", "FUNCTION", "EXPIRETIME");
                OldServer old = new OldServer(server.port(), "2.8.24");
                RestorePipeline pipeline = Imports.pipeline(old.target());
                Jedis jedis = server.jedis()) {
            for (ConflictPolicy policy : new ConflictPolicy[] {ConflictPolicy.SKIP, ConflictPolicy.REPLACE}) {
                RestoreResult result = Imports.all(
                        pipeline,
                        Imports.reader(Files.newInputStream(Corpus.file(file)), Imports.LIMITS),
                        DeliveryRules.of(policy));
                long streams = Corpus.truth(file).stream()
                        .filter(truth -> truth.logical().equals("stream"))
                        .count();
                assertThat(result.failed()).as(result.failures().toString()).isZero();
                assertThat(result.unsupported()).isEqualTo(streams);
                assertThat(policy == ConflictPolicy.SKIP ? result.imported() : result.replaced())
                        .isEqualTo(Corpus.truth(file).size() - streams - result.expired());
            }
            assertThat(jedis.keys(TemporaryKey.PREFIX + "*")).isEmpty();
        }
    }

    @Test
    void keepsExpiriesOfStrings() throws Exception {
        long year2100 = 4_102_444_800_000L;
        try (RedisServer server = without("RESTORE", "UNLINK");
                OldServer old = new OldServer(server.port(), "3.2.13");
                RestorePipeline pipeline = Imports.pipeline(old.target());
                Jedis jedis = server.jedis()) {
            RdbFile file =
                    new RdbFile(MAGIC).expireAt(year2100).string("later", "1").string("never", "1");
            assertThat(Imports.all(pipeline, file, ConflictPolicy.FAIL).imported())
                    .isEqualTo(2);
            assertThat(jedis.pexpireTime("later")).isEqualTo(year2100);
            assertThat(jedis.pexpireTime("never")).isEqualTo(-1);
        }
    }

    @Test
    void declaresWhatItCannotHold() throws Exception {
        String file = "hash-field-ttl-redis-8.0.6.rdb";
        for (LossPolicy policy : LossPolicy.values()) {
            RedisServer server = RedisServers.shared(RedisServers.embedded());
            DeliveryRules rules =
                    new DeliveryRules(ConflictPolicy.FAIL, false, DeliveryRules.MAX_RESTORE_BYTES, policy);
            RestoreResult result = Imports.all(server, Files.newInputStream(Corpus.file(file)), rules);
            long keys = Corpus.truth(file).size();
            assertThat(result.keys()).isEqualTo(keys);
            if (policy == LossPolicy.KEEP) {
                assertThat(result.imported() + result.expired()).isEqualTo(keys);
                assertThat(result.losses()).containsOnlyKeys(Loss.FIELD_EXPIRY);
            } else {
                long refused = policy == LossPolicy.DROP ? result.unsupported() : result.failed();
                assertThat(refused).isPositive();
                assertThat(result.failures()).allSatisfy(failure -> assertThat(failure.reason())
                        .isEqualTo("Redis 7.0.15 can't be given the times at which fields end by commands"));
                assertThat(result.losses()).isEmpty();
            }
            try (Jedis jedis = server.jedis()) {
                assertThat(jedis.keys(TemporaryKey.PREFIX + "*")).isEmpty();
            }
        }
    }
}
