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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.redisbackup.app.embedded.ChildProcess;
import org.redisbackup.app.embedded.EmbeddedRedis;
import org.redisbackup.app.embedded.EmbeddedS3;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Imports files through the whole service (S3 server, REST API, target), beside {@code redis-cli --pipe} with a prebuilt
 * {@code RESTORE} stream into the same server, in turn: {@code ServiceBench DIRECTORY REDIS_CLI ROUNDS NAME...}. Prints
 * wall times, the median of their ratios and the service's peak memory, and compares the data with what a server holds
 * that loads the file itself.
 *
 * <p>The service runs from {@code target/redis-backup-import.jar} with {@code -Xmx128m}, or {@code -Dheap=SIZE}. {@code
 * DIRECTORY} holds {@code NAME.rdb} and, when there is something to compare with, {@code NAME.resp}. {@code NAME+NAME}
 * imports several files in one task.
 */
public final class ServiceBench {
    private static final String PROJECT = "0123456789abcdef0123456789abcdef";
    private static final String INSTANCE = "d2c8399f-bdba-43c1-8069-3ff17a1a79d5";
    private static final String TOKEN = "bench-token";
    private static final String BUCKET = "bench";
    private static final String HEAP = System.getProperty("heap", "128m");

    private final Path directory;
    private final String redisCli;
    private final EmbeddedRedis target;
    private final Jedis jedis;
    private final URI api;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private ServiceBench(Path directory, String redisCli, EmbeddedRedis target, URI api) {
        this.directory = directory;
        this.redisCli = redisCli;
        this.target = target;
        this.api = api;
        jedis = new Jedis("127.0.0.1", target.port(), 600_000);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        int rounds = Integer.parseInt(arguments[2]);
        List<String> names = Arrays.asList(arguments).subList(3, arguments.length);
        Path work = Files.createTempDirectory("service-bench");
        Path program = EmbeddedRedis.program(Path.of("target/embedded"));
        int port = freePort();
        try (EmbeddedS3 s3 = EmbeddedS3.start(work.resolve("s3"), "bench-key", "bench-secret");
                EmbeddedRedis state = EmbeddedRedis.start(program, work.resolve("state"));
                EmbeddedRedis target =
                        EmbeddedRedis.start(program, work.resolve("target"), "--enable-debug-command", "yes")) {
            upload(s3, directory, names);
            try (ChildProcess service = service(work, port, s3, state, target)) {
                URI api = URI.create("http://127.0.0.1:" + port + "/v2/" + PROJECT + "/");
                ServiceBench bench = new ServiceBench(directory, arguments[1], target, api);
                service.await(bench::answers, Duration.ofSeconds(60));
                for (String name : names) {
                    bench.compare(name, rounds);
                }
                System.out.println("service: " + peakMemory(service.pid()) + " with -Xmx" + HEAP);
            }
        }
    }

    private static void upload(EmbeddedS3 s3, Path directory, List<String> names) {
        try (S3Client client = s3.client()) {
            client.createBucket(request -> request.bucket(BUCKET));
            names.stream()
                    .flatMap(ServiceBench::files)
                    .distinct()
                    .forEach(file -> client.putObject(
                            request -> request.bucket(BUCKET).key(file),
                            RequestBody.fromFile(directory.resolve(file))));
        }
    }

    private static Stream<String> files(String name) {
        return Stream.of(name.split("\\+")).map(part -> part + ".rdb");
    }

    private static ChildProcess service(Path work, int port, EmbeddedS3 s3, EmbeddedRedis state, EmbeddedRedis target)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("java", "-Xmx" + HEAP));
        Map<String, String> properties = new TreeMap<>(s3.camelProperties());
        properties.put("camel.server.port", Integer.toString(port));
        properties.put("redisbackup.state", state.url());
        properties.put("redisbackup.instances." + INSTANCE + ".url", target.url());
        properties.put("redisbackup.buckets.allow", BUCKET);
        properties.put("redisbackup.auth.tokens.bench.token", TOKEN);
        properties.put("redisbackup.auth.tokens.bench.projects", "*");
        properties.put("redisbackup.auth.tokens.bench.role", "admin");
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-jar", "target/redis-backup-import.jar"));
        return ChildProcess.start(
                "service", Path.of("").toAbsolutePath(), Files.createFile(work.resolve("service.log")), command);
    }

    private void compare(String name, int rounds) throws Exception {
        Path stream = directory.resolve(name + ".resp");
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            double service = seconds(() -> importThroughService(name));
            System.out.printf("%s: service %.2f s", name, service);
            if (round == 1 && files(name).count() == 1) {
                System.out.print(digest(jedis).equals(digestOfLoad(name)) ? ", data as loaded" : ", data DIFFERS");
            }
            jedis.flushAll();
            if (Files.exists(stream)) {
                double pipe = seconds(() -> pipe(stream));
                ratios.add(service / pipe);
                System.out.printf(", redis-cli --pipe %.2f s, ratio %.2f", pipe, service / pipe);
                jedis.flushAll();
            }
            System.out.println();
        }
        if (!ratios.isEmpty()) {
            ratios.sort(null);
            System.out.printf("%s: median ratio %.2f%n", name, ratios.get(ratios.size() / 2));
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static double seconds(Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /** What a server holds that loads the file itself. */
    private String digestOfLoad(String name) throws IOException {
        Path program = EmbeddedRedis.program(Path.of("target/embedded"));
        try (EmbeddedRedis server = EmbeddedRedis.start(
                        program, directory, "--dbfilename", name + ".rdb", "--enable-debug-command", "yes");
                Jedis loaded = new Jedis("127.0.0.1", server.port(), 600_000)) {
            return digest(loaded);
        }
    }

    /** Takes much longer than an import, so that one comparison has to do. */
    private static String digest(Jedis jedis) {
        return SafeEncoder.encode((byte[]) jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), "DIGEST"));
    }

    private void pipe(Path stream) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(redisCli, "-p", Integer.toString(target.port()), "--pipe")
                .redirectInput(stream.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("redis-cli --pipe ended with status " + process.exitValue());
        }
    }

    private void importThroughService(String name) throws Exception {
        Map<String, Object> body = Map.of(
                "task_name",
                "bench-import",
                "migration_type",
                "backupfile_import",
                "migration_method",
                "full_amount_migration",
                "backup_files",
                Map.of(
                        "file_source",
                        "self_build_obs",
                        "bucket_name",
                        BUCKET,
                        "files",
                        files(name).map(file -> Map.of("file_name", file)).toList()),
                "target_instance",
                Map.of("id", INSTANCE));
        JsonNode created = call(
                request("migration-task").POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body))));
        String status;
        JsonNode task;
        do {
            TimeUnit.MILLISECONDS.sleep(20);
            task = call(request("migration-task/" + created.get("id").asText()).GET());
            status = task.get("status").asText();
        } while (status.equals("MIGRATING"));
        if (!status.equals("SUCCESS")) {
            throw new IllegalStateException(task.toString());
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(api.resolve(path))
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
            call(request("migration-tasks").GET());
            return true;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static String peakMemory(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .findFirst()
                .map(line -> "peak resident memory" + line.substring(line.indexOf(':')))
                .orElse("peak memory unknown");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
