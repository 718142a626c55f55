package org.redisbackup.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.LoadedCorpus;
import org.redisbackup.support.RdbFile;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;

/** Applications of others, which have nothing of ours but the jar, import a backup into a server with a password. */
class HostApplicationsIT {
    private static final String BACKUP = "types-redis-7.0.15.rdb";
    private static final String PASSWORD = "only the component knows";
    private static final String CLASS_PATH = String.join(File.pathSeparator, "target/classes", "target/lib/*");

    private static final Duration START_AND_IMPORT = Duration.ofMinutes(5); // on a machine that does much else
    private static final Pattern KEYS = Pattern.compile("keys=(\\d+)");

    private static final String INSTANCE = "d2c8399f-bdba-43c1-8069-3ff17a1a79d5";
    private static final String PROJECT = "0123456789abcdef0123456789abcdef";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Examples examples;

    private RedisServer server;
    private Jedis jedis;
    private Process host;

    @BeforeAll
    static void build() throws Exception {
        examples = new Examples(Path.of("target/examples"));
        examples.build("main", "keys", "spring-boot", "quarkus", "jbang");
    }

    @AfterAll
    static void uninstall() throws Exception {
        examples.close();
    }

    @BeforeEach
    void start() throws Exception {
        server = RedisServer.start(RedisServers.embedded(), "--requirepass", PASSWORD);
        jedis = server.jedis();
        jedis.auth(PASSWORD);
    }

    @AfterEach
    void stop() throws Exception {
        if (host != null) {
            host.destroy();
            host.waitFor();
        }
        jedis.close();
        server.close();
    }

    private Map<String, String> properties(Map<String, String> more) {
        Map<String, String> properties = new TreeMap<>(more);
        properties.put("target", "127.0.0.1:" + server.port());
        properties.put("camel.component.redis-restore.password", PASSWORD);
        return properties;
    }

    private static Path folderWith(String name, byte[] backup) throws Exception {
        Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "backups");
        Files.write(folder.resolve(name), backup);
        return folder;
    }

    /** In all databases. */
    private long keys() {
        return KEYS.matcher(jedis.info("keyspace"))
                .results()
                .mapToLong(keys -> Long.parseLong(keys.group(1)))
                .sum();
    }

    private void awaitKeys(String module, long expected) throws Exception {
        Conditions.await(
                START_AND_IMPORT,
                () -> {
                    assertThat(host.isAlive() || keys() == expected)
                            .as(Files.readString(examples.log(module)))
                            .isTrue();
                    return keys();
                },
                keys -> keys == expected);
    }

    private void assertHoldsTheBackup(String module) throws Exception {
        awaitKeys(module, Corpus.entry(BACKUP).at("/loadedOnSameServer/keys").asLong());
        LoadedCorpus.assertHolds(BACKUP, RedisServers.embedded(), jedis);
        assertThat(Files.readString(examples.log(module))).doesNotContain("ERROR", PASSWORD);
    }

    @Test
    void camelMainImportsAPrefixOfABucketInOneLine() throws Exception {
        String bucket = S3Server.freshBucket();
        S3Server.client()
                .putObject(
                        put -> put.bucket(bucket).key("production/dump.rdb"),
                        RequestBody.fromBytes(Corpus.bytes(BACKUP)));
        Map<String, String> properties = properties(S3Server.properties());
        properties.put("bucket", bucket);
        properties.put("camel.component.aws2-s3.useDefaultCredentialsProvider", "false");
        host = examples.start("main", properties, "-cp", CLASS_PATH, "org.apache.camel.main.Main");
        assertHoldsTheBackup("main");
    }

    @Test
    void springBootImportsAFolder() throws Exception {
        Path backups = folderWith(BACKUP, Corpus.bytes(BACKUP));
        host = examples.start(
                "spring-boot", properties(Map.of("backups", backups.toString())), "-jar", "target/spring-boot-1.0.jar");
        assertHoldsTheBackup("spring-boot");
    }

    @Test
    void quarkusImportsAFolder() throws Exception {
        Path backups = folderWith(BACKUP, Corpus.bytes(BACKUP));
        host = examples.start(
                "quarkus",
                properties(Map.of("backups", backups.toString())),
                "-jar",
                "target/quarkus-app/quarkus-run.jar");
        assertHoldsTheBackup("quarkus");
    }

    @Test
    void keysAreFilteredAndWrittenAsLines() throws Exception {
        RdbFile backup = new RdbFile("REDIS0010")
                .string("session:1", "gone")
                .string("user:1", "one")
                .db(2)
                .expireAt(4_102_444_800_000L)
                .string("user:2", "two")
                .string("session:2", "gone");
        Path backups = folderWith("dump.rdb", backup.bytes());
        Path lines = backups.resolve("lines");
        host = examples.start(
                "keys",
                properties(Map.of("backups", backups.toString(), "lines", lines.toString())),
                "-cp",
                CLASS_PATH,
                "org.apache.camel.main.Main");
        awaitKeys("keys", 2);
        List<String> written = Conditions.await(
                () -> Files.exists(lines) ? Files.readAllLines(lines.resolve("dump.jsonl")) : List.<String>of(),
                all -> all.size() == 2);
        assertThat(jedis.get("user:1")).isEqualTo("one");
        jedis.select(2);
        assertThat(jedis.dbSize()).isEqualTo(1);
        assertThat(jedis.pexpireTime("user:2")).isEqualTo(4_102_444_800_000L);
        JsonNode second = new ObjectMapper().readTree(written.get(1));
        assertThat(second.get("key").asText()).isEqualTo("user:2");
        assertThat(second.get("db").asInt()).isEqualTo(2);
        assertThat(second.get("expireAt").asLong()).isEqualTo(4_102_444_800_000L);
    }

    /** The service as {@code camel run routes/*} starts it, with no class of ours but those of the jar. */
    @Test
    void camelJBangRunsTheServiceFromItsFolder() throws Exception {
        String bucket = S3Server.freshBucket();
        S3Server.client()
                .putObject(put -> put.bucket(bucket).key("dump.rdb"), RequestBody.fromBytes(Corpus.bytes(BACKUP)));
        examples.copyService("jbang");
        try (RedisServer state = RedisServer.start(RedisServers.embedded())) {
            int port = freePort();
            Map<String, String> properties = new TreeMap<>(S3Server.properties());
            properties.put("camel.server.port", Integer.toString(port));
            properties.put("redisbackup.state", "redis://127.0.0.1:" + state.port());
            properties.put("redisbackup.auth", "none");
            properties.put("redisbackup.buckets.allow", bucket);
            properties.put("redisbackup.instances." + INSTANCE + ".url", "redis://127.0.0.1:" + server.port());
            host = examples.start("jbang", properties, camelRun());
            URI tasks = URI.create("http://127.0.0.1:" + port + "/v2/" + PROJECT + "/migration-task");
            assertThat(created(tasks, bucket)).isTrue();
            assertHoldsTheBackup("jbang");
        }
    }

    private static String[] camelRun() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "-Dmaven.repo.local=" + System.getProperty("redisbackup.it.repository"),
                "-cp",
                CLASS_PATH,
                "org.example.CamelJBang",
                "run",
                "--logging-color=false"));
        command.addAll(examples.files("jbang", "routes"));
        return command.toArray(String[]::new);
    }

    /** As soon as the service takes requests. */
    private boolean created(URI tasks, String bucket) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(tasks)
                .POST(HttpRequest.BodyPublishers.ofString(
                        """
                                {"task_name": "from-jbang", "migration_type": "backupfile_import",
                                 "migration_method": "full_amount_migration",
                                 "backup_files": {"file_source": "self_build_obs", "bucket_name": "%s",
                                                  "files": [{"file_name": "dump.rdb"}]},
                                 "target_instance": {"id": "%s", "password": "%s"}}"""
                                .formatted(bucket, INSTANCE, PASSWORD)))
                .build();
        return Conditions.await(
                START_AND_IMPORT,
                () -> {
                    assertThat(host.isAlive())
                            .as(Files.readString(examples.log("jbang")))
                            .isTrue();
                    try {
                        return HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                                        .statusCode()
                                == 200;
                    } catch (ConnectException e) {
                        return false;
                    }
                },
                answered -> answered);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Whoever embeds the component gets no web server, no S3 client, no scheduler and no logging with it. */
    @Test
    void bringsNothingAlongThatOnlyTheServiceNeeds() throws Exception {
        assertThat(examples.jars("keys"))
                .noneMatch(
                        jar -> jar.matches(
                                "(netty|vertx|quartz|redisson|logback|spring|embedded-redis|camel-(rest|aws|quartz|redis|platform)).*"));
    }
}
