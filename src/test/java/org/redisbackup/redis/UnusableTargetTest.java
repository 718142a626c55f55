package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.redisbackup.redis.Imports.MAGIC;
import static org.redisbackup.redis.Imports.SERVERS;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class UnusableTargetTest {
    private static final RdbFile FILE =
            new RdbFile(MAGIC).strings("a", 300).db(3).strings("b", 200);
    private static final String LIBRARY = "#!lua name=lib\nredis.register_function('f', function() return 1 end)";

    private static Target target(int port) {
        return new Target("127.0.0.1", port, null, null, false);
    }

    /** Imports {@link #FILE} and checks that all its keys are counted. */
    private static DeliveryException failure(Target target) {
        return failure(target, FILE, 500);
    }

    private static DeliveryException failure(Target target, RdbFile file, int keys) {
        try (RestorePipeline pipeline = new RestorePipeline(target, 1000)) {
            DeliveryException failure = catchThrowableOfType(
                    DeliveryException.class, () -> Imports.all(pipeline, file, ConflictPolicy.REPLACE));
            assertThat(failure).isNotNull();
            assertThat(failure.result().keys()).isEqualTo(keys);
            assertThat(RestoreResult.NONE.plus(failure.result()).failures())
                    .hasSizeLessThanOrEqualTo(RestoreResult.MAX_FAILURES);
            assertThat(failure.getMessage()).doesNotContain("secret");
            return failure;
        }
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void nothingListens() throws Exception {
        int port = freePort();
        DeliveryException failure = failure(target(port));
        assertThat(failure)
                .hasMessageStartingWith("Nothing accepts connections at 127.0.0.1:" + port)
                .hasMessageEndingWith("check the address, and that the server runs");
        assertThat(failure.result().failed()).isEqualTo(500);
        assertThat(failure.result().failures().get(0).reason()).isEqualTo(failure.getMessage());
    }

    @Test
    void unknownHost() {
        assertThat(failure(new Target("no-such-host.invalid", 6379, null, null, false)))
                .hasMessage("The host of the target no-such-host.invalid:6379 is unknown; check its name");
    }

    @Test
    void aServerThatIsSilent() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            assertThat(failure(target(silent.getLocalPort())))
                    .hasMessageContaining("127.0.0.1:" + silent.getLocalPort() + " did not answer within 1000 ms");
        }
    }

    @Test
    void aServerThatIsNoRedis() throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.start();
        try {
            assertThat(failure(target(http.getAddress().getPort())))
                    .hasMessageContaining("does not answer like a Redis")
                    .hasMessageContaining("check the port");
        } finally {
            http.stop(0);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void tlsToAServerWithoutTls(RedisServers.Program program) throws Exception {
        RedisServer server = RedisServers.shared(program);
        assertThat(failure(new Target("127.0.0.1", server.port(), null, null, true)))
                .hasMessageContaining(server.target().address() + " did not answer within 1000 ms")
                .hasMessageEndingWith("and that it is a Redis with TLS");
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void passwords(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--requirepass", "right")) {
            Target open = server.target();
            assertThat(failure(open)).hasMessage(open.address() + " wants a password, and none was given; give one");
            assertThat(failure(open.withPassword(Secret.of("secret"))))
                    .hasMessage(open.address() + " refused the user name or the password; check both");
            assertThat(failure(new Target(open.host(), open.port(), "nobody", Secret.of("secret"), false)))
                    .hasMessage(open.address() + " refused the user name or the password; check both");
            try (RestorePipeline pipeline = Imports.pipeline(open.withPassword(Secret.of("right")))) {
                assertThat(Imports.all(pipeline, FILE, ConflictPolicy.FAIL).imported())
                        .isEqualTo(500);
            }
        }
        Target without = RedisServers.shared(program).target();
        assertThat(failure(without.withPassword(Secret.of("secret"))))
                .hasMessage(without.address() + " has no password for this user, but one was given; leave it out");
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void usersWithoutPermission(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program);
                Jedis jedis = server.jedis()) {
            jedis.aclSetUser("reader", "on", ">secret", "~*", "+info", "+select");
            jedis.aclSetUser("blind", "on", ">secret", "~*", "+restore");
            jedis.aclSetUser("honest", "on", ">secret", "~*", "+info", "+select", "+acl");
            jedis.aclSetUser("writer", "on", ">secret", "~a1*", "+info", "+select", "+restore");
            Target open = server.target();

            DeliveryException failure =
                    failure(new Target(open.host(), open.port(), "reader", Secret.of("secret"), false));
            assertThat(failure)
                    .hasMessageContaining(open.address() + " does not permit what the import needs")
                    .hasMessageContaining("NOPERM");
            assertThat(failure.result().failed()).isEqualTo(500);

            assertThat(failure(new Target(open.host(), open.port(), "honest", Secret.of("secret"), false)))
                    .hasMessageContaining("its user honest may not run RESTORE");

            assertThat(failure(new Target(open.host(), open.port(), "blind", Secret.of("secret"), false)))
                    .hasMessageContaining("does not let this user ask what server it is; permit INFO");

            try (RestorePipeline pipeline =
                    Imports.pipeline(new Target(open.host(), open.port(), "writer", Secret.of("secret"), false))) {
                RestoreResult result = Imports.all(
                        pipeline, new RdbFile(MAGIC).function(LIBRARY).strings("a", 30), ConflictPolicy.SKIP);
                assertThat(result.imported()).isEqualTo(11);
                assertThat(result.failed()).isEqualTo(19);
                assertThat(result.failedFunctions()).isEqualTo(1);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void aReplica(RedisServers.Program program) throws Exception {
        RedisServer primary = RedisServers.shared(program);
        try (RedisServer replica = RedisServer.start(
                program, "--replicaof", "127.0.0.1 " + primary.port(), "--replica-serve-stale-data", "yes")) {
            DeliveryException failure = failure(replica.target());
            assertThat(failure)
                    .hasMessage(replica.target().address()
                            + " is a read-only replica; name its primary instead, 127.0.0.1:" + primary.port());
            assertThat(failure.result().failed()).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void aTargetThatRunsOutOfMemory(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--maxmemory", "20mb");
                Jedis jedis = server.jedis()) {
            RdbFile file = new RdbFile(MAGIC);
            for (int i = 0; i < 60; i++) {
                file.string("key" + i, new byte[1 << 20]);
            }
            try (RestorePipeline pipeline = Imports.pipeline(server)) {
                RestoreResult sum = RestoreResult.NONE;
                String message = null;
                try (BatchReader reader = Imports.reader(file.open(), Imports.LIMITS)) {
                    while (reader.hasNext()) {
                        try {
                            sum = sum.plus(Imports.await(pipeline.deliver(reader.next(), ConflictPolicy.REPLACE)));
                        } catch (DeliveryException e) {
                            sum = sum.plus(e.result());
                            message = e.getMessage();
                        }
                    }
                }
                assertThat(message)
                        .contains(server.target().address() + " is out of memory; free some", "OOM")
                        .endsWith("; its maxmemory is 20971520 bytes, its policy noeviction");
                assertThat(sum.keys()).isEqualTo(60);
                assertThat(sum.imported()).isEqualTo(jedis.dbSize()).isBetween(5L, 25L);
                assertThat(sum.failed()).isEqualTo(60 - sum.imported());
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void aTargetThatRunsOutOfMemoryInsideABatch(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--maxmemory", "10mb");
                Jedis jedis = server.jedis()) {
            jedis.set("a100", "mine");
            RdbFile file = new RdbFile(MAGIC);
            for (int i = 0; i < 200; i++) {
                file.string("a" + i, "x".repeat(200_000));
            }
            try (RestorePipeline pipeline = Imports.pipeline(server);
                    BatchReader reader = new BatchReader(file.open(), Imports.LIMITS, 1000, 100 << 20, 0)) {
                DeliveryException failure = catchThrowableOfType(
                        DeliveryException.class,
                        () -> Imports.await(pipeline.deliver(reader.next(), ConflictPolicy.REPLACE)));
                assertThat(failure.result().keys()).isEqualTo(200);
                assertThat(failure.result().imported())
                        .isEqualTo(jedis.dbSize() - 1)
                        .isBetween(5L, 60L);
                assertThat(failure.result().replaced()).isZero();
                assertThat(jedis.get("a100")).isEqualTo("mine");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void aTargetWithoutItsReplicas(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--min-replicas-to-write", "2")) {
            assertThat(failure(server.target()))
                    .hasMessageContaining("has fewer replicas than it demands for writes")
                    .hasMessageContaining("NOREPLICAS");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void aNodeOfACluster(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--cluster-enabled", "yes")) {
            assertThat(failure(server.target()))
                    .hasMessage(server.target().address() + " is a node of a cluster; import with the mode cluster");
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void functionLibrariesAlone(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--min-replicas-to-write", "2")) {
            DeliveryException failure = failure(server.target(), new RdbFile(MAGIC).function(LIBRARY), 0);
            assertThat(failure).hasMessageContaining("NOREPLICAS");
            assertThat(failure.result().failedFunctions()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource(SERVERS)
    void isUsableAgainLater(RedisServers.Program program) throws Exception {
        try (RedisServer server = RedisServer.start(program, "--min-replicas-to-write", "2");
                Jedis jedis = server.jedis();
                RestorePipeline pipeline = Imports.pipeline(server)) {
            DeliveryException failure = catchThrowableOfType(
                    DeliveryException.class, () -> Imports.all(pipeline, FILE, ConflictPolicy.REPLACE));
            assertThat(failure.result().failed()).isEqualTo(500);
            jedis.configSet("min-replicas-to-write", "0");

            assertThat(Imports.all(pipeline, FILE, ConflictPolicy.REPLACE).imported())
                    .isEqualTo(500);
        }
    }
}
