package org.redisbackup.contract;

import java.io.IOException;
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
import org.redisbackup.app.Main;
import org.redisbackup.app.embedded.ChildProcess;

/** The service in a JVM of its own, which can be killed or frozen as a whole. */
final class ServiceProcess implements AutoCloseable {
    private static final int UNAUTHORIZED = 401;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String SERVER_PORT = "camel.server.port";

    private final ChildProcess process;

    private final Path log;

    private ServiceProcess(ChildProcess process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Starts it with these properties and waits until it asks for tokens. */
    static ServiceProcess start(Map<String, String> properties) throws IOException {
        Path logs = Files.createDirectories(Path.of("target/service-tests"));
        Path log = Files.createTempFile(logs, "service", ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path")));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add(Main.class.getName());
        ChildProcess process = ChildProcess.start("service", Path.of("").toAbsolutePath(), log, command);
        URI anywhere = URI.create("http://127.0.0.1:" + properties.get(SERVER_PORT) + "/");
        process.await(() -> answers(anywhere), Duration.ofSeconds(60));
        return new ServiceProcess(process, log);
    }

    private static boolean answers(URI uri) {
        try {
            return HTTP.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == UNAUTHORIZED; // before, no address is known, or it says that it is not ready
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it wrote. */
    Path log() {
        return log;
    }

    /** Sends a signal such as {@code STOP}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }

    /** As the kernel ends a process that takes too much memory: nothing is said to anybody. */
    void kill() {
        ProcessHandle.of(process.pid()).ifPresent(handle -> {
            handle.destroyForcibly();
            handle.onExit().join();
        });
    }

    @Override
    public void close() {
        process.close();
    }
}
