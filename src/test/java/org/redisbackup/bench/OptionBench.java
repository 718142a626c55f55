package org.redisbackup.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * What an option of an import costs: {@code OptionBench DIRECTORY ROUNDS NAME OPTION VALUE VALUE} imports {@code
 * DIRECTORY/NAME.rdb} through the whole service with either value in turn, into an empty target, and prints wall times and
 * the median of their ratios.
 */
public final class OptionBench {
    private OptionBench() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]).toAbsolutePath();
        int rounds = Integer.parseInt(arguments[1]);
        String file = arguments[2] + ".rdb";
        String option = arguments[3];
        List<Double> ratios = new ArrayList<>();
        try (BenchService service = BenchService.start(client -> client.putObject(
                        request -> request.bucket(BenchService.BUCKET).key(file),
                        RequestBody.fromFile(directory.resolve(file))));
                Jedis target = new Jedis("127.0.0.1", service.target().port(), 600_000)) {
            for (int round = 0; round <= rounds; round++) {
                double one = seconds(service, target, file, Map.of(option, arguments[4]));
                double other = seconds(service, target, file, Map.of(option, arguments[5]));
                System.out.printf(
                        "%s %.2f s, %s %.2f s, ratio %.3f%s%n",
                        arguments[4], one, arguments[5], other, one / other, round == 0 ? " (to warm up)" : "");
                if (round > 0) {
                    ratios.add(one / other);
                }
            }
        }
        ratios.sort(null);
        System.out.printf("median ratio %.3f%n", ratios.get(ratios.size() / 2));
    }

    private static double seconds(BenchService service, Jedis target, String file, Map<String, String> options)
            throws Exception {
        Emptied.of(target);
        return service.importAll(List.of(file), options).seconds();
    }
}
