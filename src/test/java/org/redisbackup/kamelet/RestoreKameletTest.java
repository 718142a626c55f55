package org.redisbackup.kamelet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.Test;
import org.redisbackup.component.RedisRestoreComponent;
import org.redisbackup.component.RedisRestoreConfiguration;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.support.AofFile;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;

/** The kamelet in a context that knows nothing else of ours, on real servers. */
class RestoreKameletTest extends CamelTestSupport {
    private static final int KEYS = 20_000;

    private final RedisServer server = RedisServers.shared(RedisServers.embedded());
    private final String bucket = S3Server.freshBucket();

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                getContext().getRegistry().bind("s3", S3Server.client());
                Map.of("backups", bucket, "redis", "127.0.0.1:" + server.port())
                        .forEach(getContext().getPropertiesComponent()::addInitialProperty);
                String restore = "kamelet:redis-backup-restore?bucket={{backups}}&target={{redis}}";
                from("direct:file").to(restore + "&key=one.rdb");
                from("direct:prefix").to(restore + "&key=many/&batchesInFlight=2");
                from("direct:manifest").to(restore + "&key=many/appendonlydir/appendonly.aof.manifest");
                from("direct:skip").to(restore + "&key=one.rdb&conflictPolicy=SKIP");
            }
        };
    }

    private void put(String key, byte[] backup) {
        S3Server.client().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(backup));
    }

    private static byte[] file(String prefix, int keys) throws IOException {
        return new RdbFile("REDIS0010").strings(prefix, keys).open().readAllBytes();
    }

    private RestoreResult restore(String route) {
        return template.requestBody(route, "go", RestoreResult.class);
    }

    private long size() {
        try (Jedis jedis = server.jedis()) {
            return jedis.dbSize();
        }
    }

    @Test
    void importsOneObject() throws Exception {
        put("one.rdb", file("key", KEYS));
        assertThat(restore("direct:file").imported()).isEqualTo(KEYS);
        assertThat(size()).isEqualTo(KEYS);
    }

    @Test
    void importsAllBackupsUnderAPrefix() throws Exception {
        put("many/a.rdb", file("a", 30));
        put("many/empty.rdb", file("", 0));
        put("many/sub/b.RDB", file("b", 12));
        put("many/readme.txt", "no backup".getBytes(UTF_8));
        put("other/c.rdb", file("c", 5));
        assertThat(restore("direct:prefix").imported()).isEqualTo(42);
        assertThat(size()).isEqualTo(42);
    }

    private void putAppendOnlyFile() throws Exception {
        String folder = "many/appendonlydir/appendonly.aof.";
        put(
                folder + "manifest",
                """
                file appendonly.aof.1.base.rdb seq 1 type b
                file appendonly.aof.9.incr.aof seq 9 type i
                file appendonly.aof.10.incr.aof seq 10 type i
                """
                        .getBytes(UTF_8));
        put(folder + "1.base.rdb", file("base", 30));
        put(
                folder + "9.incr.aof",
                new AofFile()
                        .command("SELECT", "0")
                        .command("SET", "counter", "1")
                        .bytes());
        put(
                folder + "10.incr.aof",
                new AofFile().command("SELECT", "0").command("INCR", "counter").bytes());
    }

    @Test
    void importsAnAppendOnlyFileOfSeveralParts() throws Exception {
        putAppendOnlyFile();
        put("many/dump.rdb", file("dump", 5));
        restore("direct:prefix");
        assertThat(size()).isEqualTo(36);
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.get("counter")).isEqualTo("2");
            jedis.flushAll();
        }
        restore("direct:manifest");
        assertThat(size()).isEqualTo(31);
    }

    @Test
    void failsWhenAPartIsMissing() throws Exception {
        putAppendOnlyFile();
        S3Server.client().deleteObject(gone -> gone.bucket(bucket).key("many/appendonlydir/appendonly.aof.9.incr.aof"));
        assertThatThrownBy(() -> restore("direct:manifest")).hasStackTraceContaining("which is not beside it");
        assertThat(size()).isZero();
    }

    @Test
    void leavesAResultOfABackupWithoutKeys() throws Exception {
        put("one.rdb", file("", 0));
        assertThat(restore("direct:file")).isEqualTo(RestoreResult.NONE);
    }

    @Test
    void leavesKeysAloneWhenTold() throws Exception {
        put("one.rdb", file("key", 9));
        restore("direct:file");
        assertThat(restore("direct:skip").skipped()).isEqualTo(9);
    }

    @Test
    void takesCredentialsOfTheComponent() throws Exception {
        put("one.rdb", file("key", 9));
        RedisRestoreConfiguration options = context.getComponent("redis-restore", RedisRestoreComponent.class)
                .getConfiguration();
        options.setUsername("someone");
        options.setPassword("p+ss&w%20rd=?)/{{");
        try (Jedis jedis = server.jedis()) {
            jedis.aclSetUser("someone", "on", ">" + options.getPassword(), "~*", "+@all");
            assertThat(restore("direct:file").imported()).isEqualTo(9);
            jedis.aclDelUser("someone");
        }
    }

    @Test
    void failsWhenThereIsNoSuchObject() {
        assertThatThrownBy(() -> restore("direct:file")).hasStackTraceContaining("s3://" + bucket + "/one.rdb");
        assertThatThrownBy(() -> restore("direct:prefix")).hasStackTraceContaining("There is no backup under");
    }

    @Test
    void failsWhenABackupIsBroken() throws Exception {
        byte[] whole = file("key", KEYS);
        put("one.rdb", Arrays.copyOf(whole, whole.length - 2));
        assertThatThrownBy(() -> restore("direct:file")).hasStackTraceContaining("RdbFormatException");
        put("many/1.rdb", "REDIS0010 but nothing else".getBytes(UTF_8));
        put("many/2.rdb", file("second", 9));
        assertThatThrownBy(() -> restore("direct:prefix")).hasStackTraceContaining("RdbFormatException");
        try (Jedis jedis = server.jedis()) {
            assertThat(jedis.keys("second*")).isEmpty();
        }
    }
}
