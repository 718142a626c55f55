package org.redisbackup.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.redisbackup.app.ImportService;
import org.redisbackup.app.Settings;
import org.redisbackup.support.Conditions;
import org.redisbackup.support.RedisServer;
import org.redisbackup.support.RedisServers;
import org.redisbackup.support.S3Server;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.ClientPauseMode;
import software.amazon.awssdk.core.sync.RequestBody;

/** The whole service on real servers, and a client that talks HTTP to it. */
final class RunningService implements AutoCloseable {
    static final String PROJECT = "0123456789abcdef0123456789abcdef";
    static final String OTHER_PROJECT = "fedcba9876543210fedcba9876543210";
    static final String INSTANCE = "d2c8399f-bdba-43c1-8069-3ff17a1a79d5";
    static final String PROTECTED_INSTANCE = "a7e2f5f0-6f0a-4f3c-9a44-0d7c5b6f1e22";
    static final String PROTECTED_PASSWORD = "the-right-Passw0rd";
    static final String ADMIN = "admin-token-of-the-tests";
    static final String READER = "reader-token-of-the-tests";
    static final String OTHER = "token-of-another-project";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final RedisServer state;
    private final RedisServer target;
    private final RedisServer protectedTarget;
    private final String bucket = S3Server.freshBucket();
    private final Map<String, String> properties = new HashMap<>();
    private URI uri;
    private ImportService service;

    private RunningService(Map<String, String> more) throws Exception {
        state = RedisServer.start(RedisServers.embedded());
        target = RedisServer.start(RedisServers.embedded());
        protectedTarget = RedisServer.start(RedisServers.embedded(), "--requirepass", PROTECTED_PASSWORD);
        properties.putAll(S3Server.properties());
        properties.put("camel.server.port", Integer.toString(freePort()));
        properties.put("redisbackup.state", "redis://127.0.0.1:" + state.port());
        properties.put("redisbackup.instances." + INSTANCE + ".url", "redis://127.0.0.1:" + target.port());
        properties.put("redisbackup.instances." + INSTANCE + ".name", "test-target");
        properties.put(
                "redisbackup.instances." + PROTECTED_INSTANCE + ".url", "redis://127.0.0.1:" + protectedTarget.port());
        properties.put("redisbackup.buckets.allow", "bucket-*");
        properties.put("redisbackup.tasks.per-target", "100");
        properties.put("redisbackup.incremental.directory", "target/incremental/" + bucket);
        token("admin", ADMIN, PROJECT, "admin");
        token("reader", READER, PROJECT, "reader");
        token("other", OTHER, OTHER_PROJECT, "admin");
        more.forEach((name, value) -> properties.put(name, value.replace("${bucket}", bucket)));
        talkTo(properties);
    }

    /** One for all tests that need no other properties; ended with the JVM. */
    private static final class Shared {
        static final RunningService SERVICE = start();

        private static RunningService start() {
            try {
                RunningService service = RunningService.start(Map.of());
                Runtime.getRuntime().addShutdownHook(new Thread(service::close));
                return service;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static RunningService shared() {
        return Shared.SERVICE;
    }

    static RunningService start(Map<String, String> more) throws Exception {
        RunningService service = new RunningService(more);
        service.start();
        return service;
    }

    /** The servers alone, for a service that runs elsewhere. */
    static RunningService withoutService() throws Exception {
        return new RunningService(Map.of());
    }

    /** What a service on these servers is configured with. */
    Map<String, String> properties() {
        return properties;
    }

    /** From now on requests go to the service with these properties. */
    void talkTo(Map<String, String> properties) {
        uri = URI.create("http://127.0.0.1:" + properties.get("camel.server.port"));
    }

    private void token(String name, String token, String projects, String role) {
        String prefix = "redisbackup.auth.tokens." + name + ".";
        properties.put(prefix + "token", token);
        properties.put(prefix + "projects", projects);
        properties.put(prefix + "role", role);
    }

    void start() throws Exception {
        service = ImportService.start(Settings.of(properties));
    }

    void stop() {
        service.close();
    }

    String bucket() {
        return bucket;
    }

    /** Stores an object in the bucket. */
    void put(String key, byte[] content) {
        S3Server.client().putObject(request -> request.bucket(bucket).key(key), RequestBody.fromBytes(content));
    }

    byte[] object(String key) {
        return S3Server.client()
                .getObjectAsBytes(request -> request.bucket(bucket).key(key))
                .asByteArray();
    }

    /** From now on the target takes no key, so that a task can't end; until it is ended or closed. */
    Paused pauseTarget() {
        return new Paused(target());
    }

    static final class Paused implements AutoCloseable {
        private final Jedis target;

        private Paused(Jedis target) {
            this.target = target;
            target.clientPause(60_000, ClientPauseMode.WRITE);
        }

        void end() {
            target.clientUnpause();
        }

        @Override
        public void close() {
            end();
            target.close();
        }
    }

    Jedis state() {
        return state.jedis();
    }

    Jedis target() {
        return target.jedis();
    }

    Jedis protectedTarget() {
        Jedis jedis = protectedTarget.jedis();
        jedis.auth(PROTECTED_PASSWORD);
        return jedis;
    }

    String targetAddress() {
        return "127.0.0.1:" + target.port();
    }

    String protectedAddress() {
        return "127.0.0.1:" + protectedTarget.port();
    }

    URI uri(String path) {
        return URI.create(uri + path);
    }

    /** A request as nobody in particular. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path));
    }

    /** A request of the project's administrator to a path within the project. */
    HttpRequest.Builder asAdmin(String path) {
        return request("/v2/" + PROJECT + path).header("X-Auth-Token", ADMIN);
    }

    /** The answer, which is as the OpenAPI document says. */
    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> response = sendUnchecked(request);
        OpenApiContract.check(response);
        return response;
    }

    HttpResponse<String> sendUnchecked(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(asAdmin("/migration-task")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = send(asAdmin(path));
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** Creates a task and answers its id. */
    String create(String body) throws IOException, InterruptedException {
        HttpResponse<String> response = post(body);
        if (response.statusCode() != 200) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body()).get("id").asText();
    }

    /** Waits until the task has finished and answers it. */
    JsonNode finished(String id) throws Exception {
        return Conditions.await(() -> get("/migration-task/" + id), task -> !List.of("MIGRATING", "TERMINATING")
                .contains(task.get("status").asText()));
    }

    JsonNode stats(String id) throws IOException, InterruptedException {
        return get("/migration-task/" + id + "/stats");
    }

    JsonNode ledger(String id) throws IOException, InterruptedException {
        return get("/migration-task/" + id + "/ledger");
    }

    JsonNode report(String id) throws IOException, InterruptedException {
        return get("/migration-task/" + id + "/report");
    }

    /** The messages of a task's log. */
    List<String> logs(String id) throws IOException {
        List<String> messages = new ArrayList<>();
        try (Jedis state = state()) {
            for (String line : state.lrange("redisbackup:task:" + id + ":log", 0, -1)) {
                messages.add(JSON.readTree(line).get("message").asText());
            }
        }
        return messages;
    }

    /** The body of a request to import one file, or what lies under a prefix, into the target. */
    String body(String file) {
        return body("test-import", bucket, file, INSTANCE, null);
    }

    static String body(String name, String bucket, String file, String instance, String password) {
        return """
                {"task_name":"%s","migration_type":"backupfile_import","migration_method":"full_amount_migration",\
                "backup_files":{"file_source":"self_build_obs","bucket_name":"%s","files":[{"file_name":"%s"}]},\
                "target_instance":{"id":"%s"%s}}"""
                .formatted(name, bucket, file, instance, password == null ? "" : ",\"password\":\"" + password + "\"");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        if (service != null) {
            service.close();
        }
        protectedTarget.close();
        target.close();
        state.close();
    }
}
