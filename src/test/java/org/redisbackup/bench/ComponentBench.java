package org.redisbackup.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What the service adds to the component: {@code ComponentBench DIRECTORY ROUNDS NAME} imports {@code DIRECTORY/NAME.rdb}
 * through the whole service, and from the local file through the data format and the component alone in this process, in
 * turn, and prints wall times and the median of their ratios.
 */
public final class ComponentBench {
    private ComponentBench() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]).toAbsolutePath().resolve(arguments[2] + ".rdb");
        int rounds = Integer.parseInt(arguments[1]);
        String key = arguments[2] + ".rdb";
        List<Double> ratios = new ArrayList<>();
        try (BenchService service = BenchService.start(client -> client.putObject(
                        request -> request.bucket(BenchService.BUCKET).key(key), RequestBody.fromFile(file)));
                Jedis target = new Jedis("127.0.0.1", service.target().port(), 600_000);
                DefaultCamelContext component =
                        LocalImport.start(Integer.toString(service.target().port()))) {
            for (int round = -1; round < rounds; round++) {
                target.flushAll();
                double whole = seconds(() -> service.awaitSuccess(service.create(List.of(key))));
                target.flushAll();
                double alone = seconds(() -> LocalImport.run(component, file));
                System.out.printf(
                        "service %.2f s, component %.2f s, ratio %.3f%s%n",
                        whole, alone, whole / alone, round < 0 ? " (to warm up)" : "");
                if (round >= 0) {
                    ratios.add(whole / alone);
                }
            }
        }
        ratios.sort(null);
        System.out.printf("median ratio %.3f%n", ratios.get(ratios.size() / 2));
    }

    private interface Step {
        void run() throws Exception;
    }

    private static double seconds(Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        return (System.nanoTime() - start) / 1e9;
    }
}
