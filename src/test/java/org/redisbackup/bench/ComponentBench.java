package org.redisbackup.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.impl.DefaultCamelContext;
import org.redisbackup.source.S3BackupSource;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the service adds to the component: {@code ComponentBench DIRECTORY ROUNDS NAME} imports {@code DIRECTORY/NAME.rdb}
 * through the whole service, and through the data format and the component alone in this process, from the same bucket,
 * read as the Kamelet does, in turn. Prints wall times and the median of their ratios, of processes that are equally warm:
 * the first imports of either cost the compiler more than all else. Two processes differ by some percent in what it makes
 * of them, so one run of this says little. To be run with the heap of the service.
 */
public final class ComponentBench {
    private static final int WARM_UP = 15;

    private ComponentBench() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]).toAbsolutePath().resolve(arguments[2] + ".rdb");
        int rounds = Integer.parseInt(arguments[1]);
        String key = arguments[2] + ".rdb";
        List<Double> ratios = new ArrayList<>();
        try (BenchService service = BenchService.start(s3 -> s3.putObject(
                        request -> request.bucket(BenchService.BUCKET).key(key), RequestBody.fromFile(file)));
                S3Client client = service.bucketClient();
                Jedis target = new Jedis("127.0.0.1", service.target().port(), 600_000);
                DefaultCamelContext component =
                        LocalImport.start(Integer.toString(service.target().port()))) {
            S3BackupSource bucket = new S3BackupSource(client);
            for (int round = -WARM_UP; round < rounds; round++) {
                Emptied.of(target);
                double whole = service.importAll(List.of(key)).seconds();
                Emptied.of(target);
                double alone = Timed.seconds(() -> LocalImport.run(component, read(bucket, key)));
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

    private static InputStream read(S3BackupSource bucket, String key) throws IOException {
        return bucket.open(bucket.find(BenchService.BUCKET, key), 0, what -> System.out.println(what));
    }
}
