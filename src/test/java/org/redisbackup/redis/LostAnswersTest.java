package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.redisbackup.redis.Imports.MAGIC;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.CuttingProxy;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

/** Connections that break after the server executed what it could not answer for any more, and are opened again. */
class LostAnswersTest {
    private static final int KEYS = 20_000;
    /** More than the handshake's answers, less than those to all keys. */
    private static final long[] CUTS = {9_000, 30_000, 8_000, 60_000};

    private RestoreResult importWithCuts(ConflictPolicy policy) throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        RdbFile file = new RdbFile(MAGIC).strings("key", KEYS);
        try (CuttingProxy proxy = new CuttingProxy(URI.create("http://127.0.0.1:" + server.port())).endAfter(CUTS);
                BatchReader reader = new BatchReader(file.open(), Imports.LIMITS, 1000, 1 << 20, 0)) {
            Address address = new Address("127.0.0.1", proxy.endpoint().getPort());
            Target target = new Target(address.host(), address.port(), null, null, false);
            try (KeyPipeline pipeline = new RoutedPipeline(target, () -> SlotMap.of(address), 5000)) {
                List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
                while (reader.hasNext()) {
                    results.add(pipeline.deliver(reader.next(), policy));
                }
                RestoreResult sum = RestoreResult.NONE;
                for (CompletableFuture<RestoreResult> result : results) {
                    sum = sum.plus(Imports.await(result));
                }
                assertThat(proxy.connections()).isGreaterThan(CUTS.length);
                assertThat(sum.keys()).isEqualTo(KEYS);
                try (Jedis jedis = server.jedis()) {
                    assertThat(jedis.dbSize()).isEqualTo(KEYS);
                }
                return sum;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ConflictPolicy.class)
    void knowsWhatItWroteItself(ConflictPolicy policy) throws Exception {
        assertThat(importWithCuts(policy).imported()).isEqualTo(KEYS);
    }

    /** What was left of them under temporary names ends by itself. */
    @Test
    void rebuildsAgainWhatItMayHaveWrittenItself() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        int keys = 2000;
        RdbFile file = new RdbFile(MAGIC);
        for (int i = 0; i < keys; i++) {
            file.record(2, "key" + i).raw((byte) 1).text(new byte[] {'x'});
        }
        try (CuttingProxy proxy =
                        new CuttingProxy(URI.create("http://127.0.0.1:" + server.port())).endAfter(9_000, 12_000);
                BatchReader reader = new BatchReader(file.open(), Imports.LIMITS, 500, 1 << 20, 0)) {
            Address address = new Address("127.0.0.1", proxy.endpoint().getPort());
            Target target = new Target(address.host(), address.port(), null, null, false);
            try (KeyPipeline pipeline = new RoutedPipeline(target, () -> SlotMap.of(address), 5000);
                    Jedis jedis = server.jedis()) {
                List<CompletableFuture<RestoreResult>> results = new ArrayList<>();
                while (reader.hasNext()) {
                    results.add(pipeline.deliver(reader.next(), Imports.rebuilding(ConflictPolicy.REPLACE)));
                }
                RestoreResult sum = RestoreResult.NONE;
                for (CompletableFuture<RestoreResult> result : results) {
                    sum = sum.plus(Imports.await(result));
                }
                assertThat(proxy.connections()).isGreaterThanOrEqualTo(3);
                assertThat(sum.imported() + sum.replaced()).isEqualTo(keys);
                assertThat(sum.keys()).isEqualTo(keys);
                assertThat(jedis.keys("key*")).hasSize(keys);
            }
        }
    }

    /** A value that is read from the backup while it is sent can't be sent twice. */
    @Test
    void losesOnlyTheStreamedValue() throws Exception {
        RedisServer server = RedisServers.shared(RedisServers.embedded());
        RdbFile file = new RdbFile(MAGIC).strings("key", 100).string("large", new byte[64 << 20]);
        try (CuttingProxy proxy = new CuttingProxy(URI.create("http://127.0.0.1:" + server.port()));
                BatchReader reader =
                        new BatchReader(file.open(), new RdbLimits(1 << 20, 1 << 20, 1 << 20), 1000, 1 << 20, 0);
                Jedis jedis = server.jedis()) {
            Address address = new Address("127.0.0.1", proxy.endpoint().getPort());
            Target target = new Target(address.host(), address.port(), null, null, false);
            // the server takes no more than its query buffer holds, so that the connection breaks inside the value
            jedis.configSet("client-query-buffer-limit", "2mb");
            try (KeyPipeline pipeline = new RoutedPipeline(target, () -> SlotMap.of(address), 5000)) {
                RestoreResult sum = RestoreResult.NONE;
                while (reader.hasNext()) {
                    sum = sum.plus(Imports.await(pipeline.deliver(reader.next(), ConflictPolicy.REPLACE)));
                }
                assertThat(sum.imported()).isEqualTo(100);
                assertThat(sum.failed()).isEqualTo(1);
                assertThat(sum.failures().get(0).reason())
                        .contains("was lost (", "too large to be kept for being sent again");
            } finally {
                jedis.configSet("client-query-buffer-limit", "1gb");
            }
        }
    }
}
