package org.redisbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.redisbackup.app.embedded.EmbeddedRedis;
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
    private final Path directory;
    private final String redisCli;
    private final BenchService service;
    private final Jedis jedis;

    private ServiceBench(Path directory, String redisCli, BenchService service) {
        this.directory = directory;
        this.redisCli = redisCli;
        this.service = service;
        jedis = new Jedis("127.0.0.1", service.target().port(), 600_000);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        int rounds = Integer.parseInt(arguments[2]);
        List<String> names = Arrays.asList(arguments).subList(3, arguments.length);
        try (BenchService service = BenchService.start(client -> upload(client, directory, names))) {
            ServiceBench bench = new ServiceBench(directory, arguments[1], service);
            for (String name : names) {
                bench.compare(name, rounds);
            }
            System.out.println("service: " + service.peakMemory());
        }
    }

    private static void upload(S3Client client, Path directory, List<String> names) {
        names.stream()
                .flatMap(ServiceBench::files)
                .distinct()
                .forEach(file -> client.putObject(
                        request -> request.bucket(BenchService.BUCKET).key(file),
                        RequestBody.fromFile(directory.resolve(file))));
    }

    private static Stream<String> files(String name) {
        return Stream.of(name.split("\\+")).map(part -> part + ".rdb");
    }

    private void compare(String name, int rounds) throws Exception {
        Path stream = directory.resolve(name + ".resp");
        List<Double> ratios = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            double seconds = service.importAll(files(name).toList()).seconds();
            System.out.printf("%s: service %.2f s", name, seconds);
            if (round == 1 && files(name).count() == 1) {
                System.out.print(digest(jedis).equals(digestOfLoad(name)) ? ", data as loaded" : ", data DIFFERS");
            }
            Emptied.of(jedis);
            if (Files.exists(stream)) {
                double pipe = Timed.seconds(() -> pipe(stream));
                ratios.add(seconds / pipe);
                System.out.printf(", redis-cli --pipe %.2f s, ratio %.2f", pipe, seconds / pipe);
                Emptied.of(jedis);
            }
            System.out.println();
        }
        if (!ratios.isEmpty()) {
            ratios.sort(null);
            System.out.printf("%s: median ratio %.2f%n", name, ratios.get(ratios.size() / 2));
        }
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
        Process process = new ProcessBuilder(
                        redisCli, "-p", Integer.toString(service.target().port()), "--pipe")
                .redirectInput(stream.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("redis-cli --pipe ended with status " + process.exitValue());
        }
    }
}
