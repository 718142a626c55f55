package org.redisbackup.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.redisbackup.app.embedded.ChildProcess;

/**
 * A real Keystone with Fernet tokens, as Debian packages it, in a folder and on a port of its own. It knows the user
 * {@code admin}, who is the administrator of everything.
 */
public final class KeystoneServer implements AutoCloseable {
    private static final String MANAGE = "keystone-manage";
    private static final String SERVE = "keystone-wsgi-public";
    private static final String PASSWORD = "admin-Passw0rd";
    private static final Duration START = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChildProcess process;
    private final URI uri;
    private String adminToken;

    private KeystoneServer(ChildProcess process, URI uri) {
        this.process = process;
        this.uri = uri;
    }

    /** Why it can't be started here, or nothing when it can. */
    public static Optional<String> missing() {
        return Stream.of(MANAGE, SERVE)
                .filter(program -> onPath(program).isEmpty())
                .findFirst()
                .map(program -> "no real Keystone is tested: there is no " + program
                        + " on the PATH (on Debian: apt-get install keystone)");
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param folder empty, for everything that it keeps */
    public static KeystoneServer start(Path folder) throws Exception {
        Path keys = Files.createDirectory(folder.resolve("fernet-keys"));
        Path configuration = Files.writeString(
                folder.resolve("keystone.conf"),
                """
                [DEFAULT]
                log_dir = %1$s
                log_file = keystone.log
                [database]
                connection = sqlite:///%1$s/keystone.db
                [token]
                provider = fernet
                [fernet_tokens]
                key_repository = %2$s
                [cache]
                enabled = false
                """
                        .formatted(folder, keys));
        manage(configuration, "db_sync");
        manage(
                configuration,
                "fernet_setup",
                "--keystone-user",
                attribute("owner"),
                "--keystone-group",
                attribute("group"));
        manage(configuration, "bootstrap", "--bootstrap-password", PASSWORD);
        int port = freePort();
        ChildProcess process = ChildProcess.start(
                "Keystone",
                folder,
                folder.resolve("output.log"),
                List.of(
                        "env",
                        "OS_KEYSTONE_CONFIG_FILES=" + configuration,
                        onPath(SERVE).orElseThrow().toString(),
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port)));
        KeystoneServer server = new KeystoneServer(process, URI.create("http://127.0.0.1:" + port + "/v3"));
        process.await(server::answers, START);
        server.adminToken = server.token("admin", PASSWORD, project("admin"));
        return server;
    }

    private static void manage(Path configuration, String... arguments) throws Exception {
        Path log = configuration.resolveSibling("manage.log");
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(MANAGE, "--config-file", configuration.toString()), Stream.of(arguments))
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (!process.waitFor(START.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(MANAGE + " " + arguments[0] + " failed: " + Files.readString(log));
        }
    }

    /** Whose files this process creates, {@code owner} or {@code group}: Keystone insists on being told. */
    private static String attribute(String name) throws IOException {
        return Files.getAttribute(Path.of(""), "posix:" + name).toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try {
            return http().send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A new one each time: this server closes every connection, and a client repeats no POST on another. */
    private static HttpClient http() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /** Of the Identity API v3. */
    public URI uri() {
        return uri;
    }

    /** The scope of a token for a project of this name. */
    public static String project(String name) {
        return ",\"scope\":{\"project\":{\"name\":\"" + name + "\",\"domain\":{\"name\":\"Default\"}}}";
    }

    /** Creates a project and answers its id. */
    public String createProject(String name) throws Exception {
        return admin("POST", "/projects", "{\"project\":{\"name\":\"" + name + "\"}}")
                .at("/project/id")
                .asText();
    }

    /** Creates a user and answers its id. */
    public String createUser(String name, String password) throws Exception {
        return admin("POST", "/users", "{\"user\":{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}}")
                .at("/user/id")
                .asText();
    }

    /** @param where such as {@code projects/ID} or {@code domains/ID} */
    public void grant(String user, String role, String where) throws Exception {
        String id = admin("GET", "/roles?name=" + role, null).at("/roles/0/id").asText();
        admin("PUT", "/" + where + "/users/" + user + "/roles/" + id, null);
    }

    /** Ends a token before its time. */
    public void revoke(String token) throws Exception {
        send(request("/auth/tokens").header("X-Subject-Token", token).DELETE());
    }

    /**
     * Logs a user of the default domain in.
     *
     * @param scope what follows the identity in the request, such as {@link #project}
     */
    public String token(String user, String password, String scope) throws Exception {
        String body = "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"" + user
                + "\",\"domain\":{\"name\":\"Default\"},\"password\":\"" + password + "\"}}}" + scope + "}}";
        return send(HttpRequest.newBuilder(URI.create(uri + "/auth/tokens"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .headers()
                .firstValue("X-Subject-Token")
                .orElseThrow();
    }

    private JsonNode admin(String method, String path, String body) throws Exception {
        HttpResponse<String> response = send(request(path)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body)));
        return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(uri + path)).header("X-Auth-Token", adminToken);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> response = http().send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new AssertionError(response.statusCode() + " " + response.body());
        }
        return response;
    }

    @Override
    public void close() {
        process.close();
    }
}
