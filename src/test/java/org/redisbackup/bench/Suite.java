package org.redisbackup.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.redisbackup.app.embedded.EmbeddedRedis;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.util.SafeEncoder;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * All that can put a backup into a server, side by side: {@code Suite DIRECTORY REDIS_CLI ROUNDS NAME...}. Makes the data
 * sets that {@code DIRECTORY} lacks, then lets the ways take turns. After an import of the service it compares {@code DEBUG DIGEST}
 * with what a server holds that loaded the file itself, in the first round, as that takes longer than the import; else the
 * number of keys. Prints a table of medians, ratios paired within a round, and writes {@code DIRECTORY/benchmarks.svg}.
 *
 * <p>{@code -Dlibrdb=PATH} and {@code -Drmt=PATH} add the programs {@code rdb-cli} and {@code rmt}.
 */
public final class Suite {
    /** The service is a process that stays; what its first imports take is printed. */
    private static final int WARM_UPS = 4;

    private final Path directory;
    private final String redisCli;
    private final BenchService service;
    private final Jedis target;
    private final Map<String, Map<String, List<Measured>>> results = new LinkedHashMap<>();
    private final Map<String, Long> keys = new LinkedHashMap<>();

    /** Seconds, and bytes that are 0 when they are not known. */
    record Measured(double wall, double serverCpu, double clientCpu, long peakMemory, long allocated) {}

    private interface Way {
        Measured run() throws Exception;
    }

    private Suite(Path directory, String redisCli, BenchService service) {
        this.directory = directory;
        this.redisCli = redisCli;
        this.service = service;
        target = new Jedis("127.0.0.1", service.target().port(), 600_000);
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Files.createDirectories(Path.of(arguments[0])).toAbsolutePath();
        int rounds = Integer.parseInt(arguments[2]);
        List<String> names = List.of(arguments).subList(3, arguments.length);
        for (String name : names) {
            if (!Files.exists(directory.resolve(name + ".rdb"))) {
                DataSets.make(directory, name);
            }
            if (!Files.exists(directory.resolve(name + ".resp"))) {
                RestoreStream.write(directory.resolve(name + ".rdb"), directory.resolve(name + ".resp"));
            }
        }
        try (BenchService service = BenchService.start(client -> names.forEach(name -> client.putObject(
                request -> request.bucket(BenchService.BUCKET).key(name + ".rdb"),
                RequestBody.fromFile(directory.resolve(name + ".rdb")))))) {
            Suite suite = new Suite(directory, arguments[1], service);
            for (String name : names) {
                suite.compare(name, rounds);
            }
            SuiteReport report = new SuiteReport(suite.results);
            System.out.println(report.table());
            Files.writeString(directory.resolve("benchmarks.svg"), report.chart());
        }
    }

    private void compare(String name, int rounds) throws Exception {
        String[] digest = new String[1];
        Map<String, List<Measured>> ofName = new LinkedHashMap<>();
        results.put(name, ofName);
        for (int i = 0; i < WARM_UPS; i++) {
            Emptied.of(target);
            double wall = service.importAll(List.of(name + ".rdb")).seconds();
            System.out.printf(Locale.ROOT, "%s, whole service, to warm up: %.2f s%n", name, wall);
        }
        for (int round = 1; round <= rounds; round++) {
            ofName.computeIfAbsent("native load", any -> new ArrayList<>()).add(load(name, digest));
            for (Map.Entry<String, Way> way : ways(name).entrySet()) {
                Emptied.of(target);
                Measured measured = way.getValue().run();
                ofName.computeIfAbsent(way.getKey(), any -> new ArrayList<>()).add(measured);
                boolean same = round > 1
                        || !way.getKey().startsWith("whole")
                        || digest(target).equals(digest[0]);
                boolean complete =
                        keys.merge(name, target.dbSize(), (before, now) -> before.equals(now) ? now : -1) > 0;
                System.out.printf(
                        Locale.ROOT,
                        "%s %d %s: %.2f s%s%n",
                        name,
                        round,
                        way.getKey(),
                        measured.wall,
                        same && complete ? "" : ", data DIFFERS");
            }
        }
        Emptied.of(target);
    }

    static boolean isOurs(String way) {
        return way.startsWith("component") || way.startsWith("whole");
    }

    private Map<String, Way> ways(String name) {
        String file = directory.resolve(name + ".rdb").toString();
        String port = Integer.toString(service.target().port());
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put("redis-cli --pipe", () -> program(directory.resolve(name + ".resp"), redisCli, "-p", port, "--pipe"));
        ways.put("component, local file", () -> program(null, java(LocalImport.class, file, port)));
        ways.put("whole service, from a bucket", () -> measured(name, Map.of()));
        Map<String, Object> replication = Map.of("method", "replication", "replace_all", true);
        ways.put("whole service, as replication", () -> measured(name, replication));
        ways.put("redis-replicator + Jedis", () -> program(null, java(ReplicatorImport.class, file, port)));
        String librdb = System.getProperty("librdb");
        if (librdb != null) {
            ways.put(
                    "librdb rdb-cli",
                    () -> program(null, librdb, file, "redis", "-h", "127.0.0.1", "-p", port, "-l", "1000"));
        }
        String rmt = System.getProperty("rmt");
        if (rmt != null) {
            ways.put(
                    "redis-rdb-cli rmt", () -> program(null, rmt, "-s", file, "-m", "redis://127.0.0.1:" + port, "-r"));
        }
        return ways;
    }

    /** The heap of the service, for all Java programs. */
    private static String[] java(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "java", "-Xmx" + BenchService.HEAP, "-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        return command.toArray(String[]::new);
    }

    private Measured load(String name, String[] digest) throws Exception {
        Path program = EmbeddedRedis.program(Path.of("target/embedded"));
        long start = System.nanoTime();
        try (EmbeddedRedis server = EmbeddedRedis.start(
                        program, directory, "--dbfilename", name + ".rdb", "--enable-debug-command", "yes");
                Jedis loaded = new Jedis("127.0.0.1", server.port(), 600_000)) {
            double wall = (System.nanoTime() - start) / 1e9;
            Measured measured = new Measured(wall, serverCpu(loaded), 0, 0, 0);
            Path known = directory.resolve(name + ".digest");
            if (!Files.exists(known)) {
                Files.writeString(known, digest(loaded));
            }
            digest[0] = Files.readString(known);
            return measured;
        }
    }

    private Measured program(Path input, String... command) throws Exception {
        Path output = directory.resolve("output.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        double serverBefore = serverCpu(target);
        long start = System.nanoTime();
        Process process = builder.start();
        ProcessUse use = new ProcessUse(process.pid());
        while (!process.waitFor(ProcessUse.INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
            use.look();
        }
        double wall = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IOException(command[0] + " ended with status " + process.exitValue());
        }
        long allocated = Files.readAllLines(output).stream()
                .filter(line -> line.startsWith("allocated "))
                .mapToLong(line -> Long.parseLong(line.substring("allocated ".length())))
                .findFirst()
                .orElse(0);
        return new Measured(wall, serverCpu(target) - serverBefore, use.cpuSeconds(), use.peakBytes(), allocated);
    }

    private Measured measured(String name, Map<String, Object> options) throws Exception {
        ProcessUse use = new ProcessUse(service.process());
        use.look();
        double clientBefore = use.cpuSeconds();
        double serverBefore = serverCpu(target);
        double wall = service.importAll(List.of(name + ".rdb"), options).seconds();
        use.look();
        return new Measured(
                wall, serverCpu(target) - serverBefore, use.cpuSeconds() - clientBefore, use.peakBytes(), 0);
    }

    /** User and system time of a server so far, in seconds. */
    static double serverCpu(Jedis jedis) {
        return jedis.info("cpu")
                .lines()
                .filter(line -> line.startsWith("used_cpu_sys:") || line.startsWith("used_cpu_user:"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(':') + 1)))
                .sum();
    }

    private static String digest(Jedis jedis) {
        return SafeEncoder.encode((byte[]) jedis.sendCommand(() -> SafeEncoder.encode("DEBUG"), "DIGEST"));
    }
}
