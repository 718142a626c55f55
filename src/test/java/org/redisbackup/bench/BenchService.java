package org.redisbackup.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.redisbackup.app.embedded.ChildProcess;
import org.redisbackup.app.embedded.EmbeddedRedis;
import org.redisbackup.app.embedded.EmbeddedS3;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What is measured: {@code target/redis-backup-import.jar} in a process of its own ({@code -Xmx128m}, or {@code
 * -Dheap=SIZE}) on real servers, and a client of its API.
 */
final class BenchService implements AutoCloseable {
    static final String BUCKET = "bench";
    static final String HEAP = System.getProperty("heap", "128m");

    private static final String PROJECT = "0123456789abcdef0123456789abcdef";
    private static final String INSTANCE = "d2c8399f-bdba-43c1-8069-3ff17a1a79d5";
    private static final String TOKEN = "bench-token";
    private static final int POLL_MILLIS = 100;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private final EmbeddedS3 s3;
    private final EmbeddedRedis state;
    private final Jedis stateClient;
    private final EmbeddedRedis target;
    private final ChildProcess service;
    private final URI api;

    private BenchService(Path work, Consumer<S3Client> upload) throws IOException {
        Path program = EmbeddedRedis.program(Path.of("target/embedded"));
        int port = freePort();
        s3 = EmbeddedS3.start(work.resolve("s3"), "bench-key", "bench-secret");
        state = EmbeddedRedis.start(program, work.resolve("state"));
        stateClient = new Jedis("127.0.0.1", state.port());
        target = EmbeddedRedis.start(program, work.resolve("target"), "--enable-debug-command", "yes");
        try (S3Client client = s3.client()) {
            client.createBucket(request -> request.bucket(BUCKET));
            upload.accept(client);
        }
        service = startService(work.resolve("service.log"), port);
        api = URI.create("http://127.0.0.1:" + port + "/v2/" + PROJECT + "/");
        service.await(this::answers, Duration.ofSeconds(60));
    }

    /** @param upload puts the backups into {@link #BUCKET} */
    static BenchService start(Consumer<S3Client> upload) throws IOException {
        return new BenchService(Files.createTempDirectory("service-bench"), upload);
    }

    private ChildProcess startService(Path log, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of("java", "-Xmx" + HEAP));
        Map<String, String> properties = new TreeMap<>(s3.camelProperties());
        properties.put("camel.server.port", Integer.toString(port));
        properties.put("redisbackup.state", state.url());
        properties.put("redisbackup.instances." + INSTANCE + ".url", target.url());
        properties.put("redisbackup.buckets.allow", BUCKET);
        properties.put("redisbackup.auth.tokens.bench.token", TOKEN);
        properties.put("redisbackup.auth.tokens.bench.projects", "*");
        properties.put("redisbackup.auth.tokens.bench.role", "admin");
        properties.put(
                "redisbackup.incremental.directory",
                log.resolveSibling("indexes").toString());
        properties.put("redisbackup.tasks.per-target", "1000");
        properties.put("redisbackup.tasks.per-project", "1000");
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", "target/redis-backup-import.jar"));
        return ChildProcess.start("service", Path.of("").toAbsolutePath(), Files.createFile(log), command);
    }

    /** Of the server of {@link #BUCKET}; the caller closes it. */
    S3Client bucketClient() {
        return s3.client();
    }

    EmbeddedRedis target() {
        return target;
    }

    /** Id of the service's process. */
    long process() {
        return service.pid();
    }

    /** Creates a task that imports these objects, and answers its id. */
    String create(List<String> files) throws IOException, InterruptedException {
        return create(files, Map.of());
    }

    /** @param options the task's {@code import_options} */
    String create(List<String> files, Map<String, ?> options) throws IOException, InterruptedException {
        Map<String, Object> body = Map.of(
                "task_name",
                "bench-import",
                "migration_type",
                "backupfile_import",
                "migration_method",
                options.containsKey("incremental") ? "incremental_migration" : "full_amount_migration",
                "backup_files",
                Map.of(
                        "file_source",
                        "self_build_obs",
                        "bucket_name",
                        BUCKET,
                        "files",
                        files.stream().map(file -> Map.of("file_name", file)).toList()),
                "target_instance",
                Map.of("id", INSTANCE),
                "import_options",
                options);
        HttpRequest.Builder request =
                request("migration-task").POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)));
        return call(request).get("id").asText();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return call(request(path).GET());
    }

    /**
     * A task that has succeeded.
     *
     * @param seconds from before its request was sent until its {@code released_at}, which is precise to a millisecond
     *     however seldom it is asked for: to ask often would take a part of the machine
     */
    record Imported(String id, double seconds) {}

    Imported importAll(List<String> files) throws IOException, InterruptedException {
        return importAll(files, Map.of());
    }

    /**
     * Creates a task and waits until it has finished.
     *
     * @param options as {@link #create} takes them
     * @throws IllegalStateException when it did not succeed
     */
    Imported importAll(List<String> files, Map<String, ?> options) throws IOException, InterruptedException {
        Instant start = Instant.now();
        String id = create(files, options);
        while (isMigrating(id)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        JsonNode task = get("migration-task/" + id);
        if (!task.get("status").asText().equals("SUCCESS")) {
            throw new IllegalStateException(task.toString());
        }
        Instant end = Instant.parse(task.get("released_at").asText());
        return new Imported(id, Duration.between(start, end).toNanos() / 1e9);
    }

    /** Asks the state Redis, because so many requests to the API would take a part of the machine. */
    private boolean isMigrating(String id) {
        return "MIGRATING".equals(stateClient.hget("redisbackup:task:" + id, "status"));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("X-Auth-Token", TOKEN);
    }

    private JsonNode call(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(response.statusCode() + " " + new String(response.body(), StandardCharsets.UTF_8));
        }
        return json.readTree(response.body());
    }

    private boolean answers() {
        try {
            get("migration-tasks");
            return true;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    /** Of the service alone, in words. */
    String peakMemory() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + service.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .map(line -> "peak resident memory" + line.substring(line.indexOf(':')) + " with -Xmx" + HEAP)
                .orElse("peak memory unknown");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        service.close();
        target.close();
        stateClient.close();
        state.close();
        s3.close();
    }
}
