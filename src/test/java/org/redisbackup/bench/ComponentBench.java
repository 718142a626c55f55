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
 * through the whole service, and through the data format and the component alone in this process, once from the same
 * bucket, read as the Kamelet does, and once from the local file, in turn. Prints wall times and the medians of their
 * ratios, of a process that is warm: the first imports of either cost the compiler more than all else. To be run with
 * the heap of the service.
 */
public final class ComponentBench {
    private static final int WARM_UP = 8;

    private ComponentBench() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]).toAbsolutePath().resolve(arguments[2] + ".rdb");
        int rounds = Integer.parseInt(arguments[1]);
        String key = arguments[2] + ".rdb";
        List<Double> toBucket = new ArrayList<>();
        List<Double> toFile = new ArrayList<>();
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
                double fromBucket = Timed.seconds(() -> LocalImport.run(component, read(bucket, key)));
                Emptied.of(target);
                double fromFile = Timed.seconds(() -> LocalImport.run(component, file));
                System.out.printf(
                        "service %.2f s, component from the bucket %.2f s, ratio %.3f, from the file %.2f s, ratio %.3f%s%n",
                        whole,
                        fromBucket,
                        whole / fromBucket,
                        fromFile,
                        whole / fromFile,
                        round < 0 ? " (to warm up)" : "");
                if (round >= 0) {
                    toBucket.add(whole / fromBucket);
                    toFile.add(whole / fromFile);
                }
            }
        }
        System.out.printf("median ratios %.3f and %.3f%n", median(toBucket), median(toFile));
    }

    private static InputStream read(S3BackupSource bucket, String key) throws IOException {
        return bucket.open(bucket.find(BenchService.BUCKET, key), 0, what -> System.out.println(what));
    }

    private static double median(List<Double> ratios) {
        ratios.sort(null);
        return ratios.get(ratios.size() / 2);
    }
}
