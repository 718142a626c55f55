package org.redisbackup.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.redis.ConflictPolicy;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.Encryption;
import org.redisbackup.redis.RateLimits;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.redis.Secret;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.TargetMode;
import org.redisbackup.redis.rules.KeyRules;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class RedisRestoreComponentTest extends CamelTestSupport {
    private static final int KEYS = 20_000;
    private static final RdbFile FILE = new RdbFile("REDIS0010").strings("key", KEYS);
    private static final RdbFile SMALL_FILE = new RdbFile("REDIS0010").strings("key", 10);

    private final RedisServer server = RedisServers.shared(RedisServers.embedded());
    private final CountDownLatch slowStepMayEnd = new CountDownLatch(1);

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                RdbDataFormat smallBatches = new RdbDataFormat();
                smallBatches.setBatchKeys(500);
                smallBatches.setBatchesInFlight(4);
                getContext().getRegistry().bind("smallBatches", smallBatches);
                String address = "redis-restore:127.0.0.1:" + server.port();

                from("direct:file")
                        .unmarshal()
                        .custom("smallBatches")
                        .split(body(), RedisRestoreComponentTest::sum)
                        .streaming()
                        .parallelProcessing()
                        .stopOnException()
                        .to("redis-restore:target");
                from("direct:plainFile")
                        .unmarshal()
                        .custom("rdb")
                        .split(body(), RedisRestoreComponentTest::sum)
                        .streaming()
                        .to(address);
                from("direct:rulesOfFile")
                        .unmarshal()
                        .custom("rdb")
                        .split(body(), RedisRestoreComponentTest::sum)
                        .streaming()
                        .stopOnException()
                        .to(address + "?addPrefix=k");
                from("direct:batch").to(address);
                from("direct:slow").to(address + "?conflictPolicy=SKIP").process(exchange -> slowStepMayEnd.await());
                from("direct:password").to(address + "?username=someone&password=RAW(sec&ret)&connectTimeout=900");
                from("direct:handOver").to(address + "?method=REPLICATION");
                from("direct:handOverAll").to(address + "?method=REPLICATION&replaceAll=true");
                from("direct:rules")
                        .to(address + "?excludeKeys=key1,/key[3-5]/&stripPrefix=key&addPrefix=k&database=4"
                                + "&expiry=SHIFT&minTtl=5");
                from("direct:noAddress").to("redis-restore:no such address");
            }
        };
    }

    private static Exchange sum(Exchange before, Exchange next) {
        if (before != null && next.getException() == null) {
            RestoreResult result = before.getMessage().getBody(RestoreResult.class);
            next.getMessage().setBody(result.plus(next.getMessage().getBody(RestoreResult.class)));
        }
        return next;
    }

    private static BatchReader reader(RdbFile file) {
        return new BatchReader(file.open(), RdbLimits.forThisHeap(), 100, 10_000, 1);
    }

    /** The exchange after the route; the batch it carried must have been released. */
    private Exchange deliver(String route, Map<String, Object> headers) throws Exception {
        try (BatchReader reader = new BatchReader(SMALL_FILE.open(), RdbLimits.forThisHeap(), 9, 10_000, 1)) {
            Exchange exchange = template.send(route, sent -> {
                sent.getMessage().setBody(reader.next());
                sent.getMessage().setHeaders(new HashMap<>(headers));
            });
            if (exchange.getException() == null) {
                assertThat(reader.next().size()).isEqualTo(1); // comes only when the first is released
            } else {
                assertThatThrownBy(reader::next)
                        .hasMessageContaining(exchange.getException().getMessage());
            }
            return exchange;
        }
    }

    @Test
    void selectsAndChangesKeys() throws Exception {
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            RestoreResult result =
                    deliver("direct:rules", Map.of()).getMessage().getBody(RestoreResult.class);
            assertThat(result.filtered()).isEqualTo(4);
            assertThat(result.imported()).isEqualTo(5);
            jedis.select(4);
            assertThat(jedis.keys("*")).containsExactlyInAnyOrder("k0", "k2", "k6", "k7", "k8");
            jedis.flushAll();
            KeyRules all = KeyRules.NONE;
            result = deliver("direct:rules", Map.of(RedisRestoreConstants.RULES, all))
                    .getMessage()
                    .getBody(RestoreResult.class);
            assertThat(result.imported()).isEqualTo(9);
            jedis.flushAll();
        }
    }

    @Test
    void doesNotChangeCommands() {
        Exchange refused = template.send("direct:rulesOfFile", exchange -> exchange.getMessage()
                .setBody(new ByteArrayInputStream(
                        new AofFile().command("SET", "a", "1").bytes())));
        assertThat(refused.getException())
                .hasRootCauseInstanceOf(DeliveryException.class)
                .rootCause()
                .hasMessageStartingWith("The commands of an append-only file can't be selected");
    }

    @Test
    void handsOverAWholeFile() {
        try (Jedis jedis = server.jedis()) {
            jedis.flushAll();
            jedis.set("before", "1");
            Exchange refused = template.send(
                    "direct:handOver", exchange -> exchange.getMessage().setBody(FILE.open()));
            assertThat(refused.getException()).hasMessageContaining("holds 1 keys, which it would lose");
            RestoreResult result = template.requestBody("direct:handOverAll", FILE.open(), RestoreResult.class);
            assertThat(result.imported()).isEqualTo(KEYS);
            assertThat(jedis.dbSize()).isEqualTo(KEYS);
            jedis.flushAll();
        }
    }

    @Test
    void importsAFileInParallelBatches() {
        RestoreResult result = template.requestBodyAndHeader(
                "direct:file", FILE.open(), RedisRestoreConstants.TARGET, server.target(), RestoreResult.class);
        assertThat(result.imported()).isEqualTo(KEYS);
        assertThat(result.keys()).isEqualTo(KEYS);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.dbSize()).isEqualTo(KEYS);
        }
    }

    @Test
    void importsAFileBatchByBatch() {
        assertThat(template.requestBody("direct:plainFile", FILE.open(), RestoreResult.class)
                        .imported())
                .isEqualTo(KEYS);
    }

    @Test
    void findsTheDataFormatByItsName() {
        assertThat(context.resolveDataFormat("rdb")).isInstanceOf(RdbDataFormat.class);
    }

    @Test
    void neverWritesBackups() {
        assertThatThrownBy(() -> new RdbDataFormat().marshal(null, "body", new ByteArrayOutputStream()))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("The rdb data format reads backups; only servers write them");
    }

    @Test
    void takesThePolicyOfAHeader() throws Exception {
        assertThat(result(deliver("direct:batch", Map.of())).imported()).isEqualTo(9);
        assertThat(result(deliver("direct:batch", Map.of())).replaced()).isEqualTo(9);
        assertThat(result(deliver("direct:batch", Map.of(RedisRestoreConstants.CONFLICT_POLICY, "SKIP")))
                        .skipped())
                .isEqualTo(9);
        assertThat(result(deliver("direct:batch", Map.of(RedisRestoreConstants.CONFLICT_POLICY, ConflictPolicy.FAIL)))
                        .failed())
                .isEqualTo(9);
    }

    private static RestoreResult result(Exchange exchange) {
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(RestoreResult.class);
    }

    @Test
    void failsWithWhatBecameOfTheKeys() throws Exception {
        Target nobody = server.target().withPassword(Secret.of("wrong"));
        Exchange exchange = deliver("direct:batch", Map.of(RedisRestoreConstants.TARGET, nobody));
        assertThat(exchange.getException()).isInstanceOfSatisfying(DeliveryException.class, e -> assertThat(
                        e.result().failed())
                .isEqualTo(9));
    }

    /** Camel's splitter asks for more batches after it has stopped; nobody would deliver and so release them. */
    @Test
    void aParallelSplitEndsWhenNothingCanBeDelivered() throws Exception {
        Target nobody = server.target().withPassword(Secret.of("wrong"));
        Exchange exchange = template.asyncSend("direct:file", sent -> {
                    sent.getMessage().setBody(FILE.open());
                    sent.getMessage().setHeader(RedisRestoreConstants.TARGET, nobody);
                })
                .get(60, TimeUnit.SECONDS);
        assertThat(exchange.getException()).hasStackTraceContaining("has no password for this user");
    }

    @Test
    void takesCredentialsFromTheAddress() throws Exception {
        try (Jedis jedis = server.jedis()) {
            jedis.aclSetUser("someone", "on", ">sec&ret", "~*", "+@all");
            assertThat(result(deliver("direct:password", Map.of())).imported()).isEqualTo(9);

            jedis.aclDelUser("someone");
        }
        assertThat(context.getEndpoints().toString()).doesNotContain("sec&ret");
    }

    @Test
    void refusesHeadersOfAnotherType() throws Exception {
        assertThat(deliver("direct:batch", Map.of(RedisRestoreConstants.TARGET, "elsewhere:6379"))
                        .getException())
                .isInstanceOf(NoTypeConversionAvailableException.class);
        assertThat(deliver("direct:batch", Map.of(RedisRestoreConstants.CONFLICT_POLICY, "MAYBE"))
                        .getException())
                .isNotNull();
    }

    @Test
    void refusesAPathThatIsNoAddress() throws Exception {
        assertThat(deliver("direct:noAddress", Map.of()).getException())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a Redis URL");
    }

    @Test
    void refusesOtherBodies() {
        Exchange exchange =
                template.send("direct:batch", sent -> sent.getMessage().setBody("text"));
        assertThat(exchange.getException())
                .isInstanceOf(InvalidPayloadException.class)
                .hasMessageContaining("org.redisbackup.rdb.BackupBatch")
                .hasMessageContaining("java.lang.String");
    }

    @Test
    void doesNotStallBehindASlowStep() throws Exception {
        try (BatchReader reader = reader(SMALL_FILE)) {
            var slow = template.asyncSendBody("direct:slow", reader.next());
            assertThat(result(deliver("direct:batch", Map.of())).keys()).isEqualTo(9);
            assertThat(slow.isDone()).isFalse();
            slowStepMayEnd.countDown();
            slow.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void sharesOneConnectionToATarget() throws Exception {
        deliver("direct:batch", Map.of());
        slowStepMayEnd.countDown();
        deliver("direct:slow", Map.of());
        deliver("direct:batch", Map.of(RedisRestoreConstants.TARGET, server.target()));
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.clientList().lines().filter(line -> line.contains("name=redis-backup-import ")))
                    .hasSize(1);
            context.stop();
            assertThat(jedis.clientList()).doesNotContain("name=redis-backup-import");
        }
    }

    private Target target(String uri) {
        return context.getEndpoint(uri, RedisRestoreEndpoint.class).target();
    }

    @Test
    void namesClustersAndSentinels() {
        assertThat(target("redis-restore:a,b:7001?mode=CLUSTER&username=me").toString())
                .isEqualTo("redis://me@a:6379,b:7001");
        assertThat(target("redis-restore:a,b:7001?mode=CLUSTER").mode()).isEqualTo(TargetMode.CLUSTER);
        assertThat(target("redis-restore:a,b:7001/mine?mode=SENTINEL&tls=true").toString())
                .isEqualTo("rediss-sentinel://a:26379,b:7001/mine");
        assertThatThrownBy(() -> target("redis-restore:a,b:7001")).hasMessageContaining("several hosts are a cluster");
    }

    @Test
    void takesCertificates() {
        Path file = Path.of("some.pem");
        assertThat(target("redis-restore:a?tls=true").encryption()).isEqualTo(Encryption.STANDARD);
        assertThat(target("redis-restore:a?tls=true&caCertificate=some.pem&clientCertificate=some.pem"
                                + "&clientKey=some.pem&verifyHostname=false")
                        .encryption())
                .isEqualTo(new Encryption(file, file, file, false));
        assertThatThrownBy(() -> target("redis-restore:a?caCertificate=some.pem"))
                .hasMessage("certificates mean nothing without tls=true");
    }

    @Test
    void takesLimits() {
        RedisRestoreEndpoint endpoint = context.getEndpoint(
                "redis-restore:a?maxKeysPerSecond=1000&maxBytesPerSecond=2000&maxLatencyMillis=30",
                RedisRestoreEndpoint.class);
        assertThat(endpoint.getConfiguration().pace().limits()).isEqualTo(new RateLimits(1000, 2000, 30));
    }
}
