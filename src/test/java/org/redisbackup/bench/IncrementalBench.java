package org.redisbackup.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.redisbackup.app.embedded.EmbeddedRedis;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What it saves to send only the keys that differ: {@code IncrementalBench DIRECTORY ROUNDS} makes of {@code
 * DIRECTORY/a.rdb} (2 million strings, see {@link DataSets}) a backup of the day after, in which one key in 50 has changed,
 * one in 50 is gone and as many are new. It imports the second one as a whole into an empty target; then the first one and
 * after it the second with {@code incremental keys}. It prints wall times and the medians of their ratios, and ends with an
 * error when other keys were sent than differ, or the target holds something else than after the full import.
 */
public final class IncrementalBench {
    private static final int KEYS = 2_000_000;
    private static final int ONE_IN = 50;
    private static final String FIRST = "a.rdb";
    private static final String SECOND = "a-next.rdb";
    private static final Map<String, String> COMPARING = Map.of("incremental", "keys", "incremental_series", "days");

    private final BenchService service;
    private final Jedis target;

    private IncrementalBench(BenchService service, Jedis target) {
        this.service = service;
        this.target = target;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        int rounds = Integer.parseInt(arguments[1]);
        changeSome(directory);
        try (BenchService service = BenchService.start(client -> {
                    for (String file : List.of(FIRST, SECOND)) {
                        client.putObject(
                                request -> request.bucket(BenchService.BUCKET).key(file),
                                RequestBody.fromFile(directory.resolve(file)));
                    }
                });
                Jedis target = new Jedis("127.0.0.1", service.target().port(), 600_000)) {
            new IncrementalBench(service, target).run(rounds);
        }
    }

    private static void changeSome(Path directory) throws IOException {
        Files.copy(directory.resolve(FIRST), directory.resolve(SECOND), StandardCopyOption.REPLACE_EXISTING);
        Path program = EmbeddedRedis.program(Path.of("target/embedded"));
        try (EmbeddedRedis server = EmbeddedRedis.start(program, directory, "--dbfilename", SECOND);
                Jedis jedis = new Jedis("127.0.0.1", server.port(), 600_000)) {
            Pipeline pipeline = jedis.pipelined();
            for (int i = 0; i < KEYS; i += ONE_IN) {
                pipeline.set("user:%010d:name".formatted(i), "changed on the next day");
                pipeline.del("user:%010d:name".formatted(i + 1));
                pipeline.set("user:%010d:name".formatted(KEYS + i), "new on the next day");
            }
            pipeline.sync();
            jedis.save();
        }
    }

    private void run(int rounds) throws Exception {
        List<Double> increments = new ArrayList<>();
        List<Double> firsts = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            Emptied.of(target);
            double full = seconds(SECOND, Map.of());
            String digest = round == 0 ? digest() : null; // it takes longer than the import
            Emptied.of(target);
            double first = seconds(FIRST, COMPARING);
            double increment = seconds(SECOND, COMPARING);
            require(round > 0 || digest.equals(digest()), "the target holds something else than after the full import");
            System.out.printf(
                    "full %.2f s, first %.2f s, increment %.2f s: ratios %.3f, %.3f%s%n",
                    full, first, increment, first / full, increment / full, round == 0 ? " (to warm up)" : "");
            if (round > 0) {
                firsts.add(first / full);
                increments.add(increment / full);
            }
        }
        System.out.printf(
                "median ratios to the full import: the first one %.3f, the increment %.3f; %s%n",
                median(firsts), median(increments), service.peakMemory());
    }

    private double seconds(String file, Map<String, String> options) throws Exception {
        BenchService.Imported imported = service.importAll(List.of(file), options);
        JsonNode stats = service.get("migration-task/" + imported.id() + "/stats");
        if (file.equals(SECOND) && !options.isEmpty()) {
            int some = KEYS / ONE_IN;
            require(count(stats, "imported") == some, stats.toString());
            require(count(stats, "replaced") == some, stats.toString());
            require(count(stats, "deleted") == some, stats.toString());
            require(count(stats, "unchanged") == KEYS - 2 * some, stats.toString());
        }
        return imported.seconds();
    }

    private static int count(JsonNode stats, String outcome) {
        return stats.get(outcome + "_keys").asInt();
    }

    private static void require(boolean right, String otherwise) {
        if (!right) {
            throw new IllegalStateException(otherwise);
        }
    }

    private String digest() {
        return new String(
                (byte[]) target.sendCommand(() -> "DEBUG".getBytes(StandardCharsets.UTF_8), "DIGEST"),
                StandardCharsets.UTF_8);
    }

    private static double median(List<Double> ratios) {
        ratios.sort(null);
        return ratios.get(ratios.size() / 2);
    }
}
