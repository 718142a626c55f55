package org.redisbackup.source;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.redisbackup.support.CuttingProxy;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Measures reading from a bucket alone: {@code SourceBench FILE ROUNDS}. One connection without and with reading ahead,
 * more of them when the reader has to wait, and four from the start; from a server on this machine, from one whose
 * answers take 50 ms longer, and from one that also lets each connection bring 60 MB a second at most, as large object
 * stores do. The ways take turns; the first round warms up and does not count.
 */
public final class SourceBench {
    private static final ReadAhead AHEAD = ReadAhead.forThisHeap();
    private static final int BUFFER = 1 << 20;

    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private final Map<String, List<Double>> cpu = new LinkedHashMap<>();

    private interface Way {
        InputStream open(S3Client client, BackupFile file) throws IOException;
    }

    private static final Map<String, Way> WAYS = new LinkedHashMap<>();

    static {
        WAYS.put("one connection", SourceBench::plain);
        WAYS.put("read ahead, one lane", (client, file) -> ahead(client, file, 1, AHEAD));
        WAYS.put("read ahead, lanes by need", (client, file) -> new S3BackupSource(client).open(file, 0, retry -> {}));
        WAYS.put("read ahead, four lanes", (client, file) -> ahead(client, file, 4, AHEAD));
    }

    private static ReopeningInputStream plain(S3Client client, BackupFile file) throws IOException {
        ReopeningInputStream stream =
                new ReopeningInputStream(client, file, 0, file.size(), Backoff.STANDARD, retry -> {});
        stream.connect();
        return stream;
    }

    /** One lane stays one: the stream believes that it is not worth more. */
    private static InputStream ahead(S3Client client, BackupFile file, int lanes, ReadAhead ahead) throws IOException {
        ReadAheadInputStream stream = new S3BackupSource(
                        client, Backoff.STANDARD, lanes == 1 ? new ReadAhead(ahead.partBytes() * 4, 1) : ahead)
                .openReadAhead(file, 0, retry -> {});
        for (int lane = 1; lane < lanes; lane++) {
            stream.addLane();
        }
        return stream;
    }

    public static void main(String[] arguments) throws Exception {
        String bucket = S3Server.freshBucket();
        S3Server.client()
                .putObject(
                        request -> request.bucket(bucket).key("file.rdb"), RequestBody.fromFile(Path.of(arguments[0])));
        BackupFile file = new S3BackupSource(S3Server.client()).find(bucket, "file.rdb");
        int rounds = Integer.parseInt(arguments[1]);
        URI server = S3Server.server().endpoint();
        System.out.printf("%,d bytes; %s%n", file.size(), AHEAD);
        new SourceBench().compare("loopback", server, file, rounds);
        try (CuttingProxy far = new CuttingProxy(server).delay(Duration.ofMillis(50))) {
            new SourceBench().compare("+50 ms", far.endpoint(), file, rounds);
        }
        try (CuttingProxy far =
                new CuttingProxy(server).delay(Duration.ofMillis(50)).limitEach(60_000_000)) {
            new SourceBench().compare("+50 ms, 60 MB/s a connection", far.endpoint(), file, rounds);
        }
    }

    private void compare(String where, URI endpoint, BackupFile file, int rounds) throws IOException {
        try (S3Client client = S3Server.client(endpoint, S3Server.ACCESS_KEY, S3Server.SECRET_KEY)) {
            for (int round = 0; round <= rounds; round++) {
                for (Map.Entry<String, Way> way : WAYS.entrySet()) {
                    measure(way.getKey(), way.getValue(), client, file, round > 0);
                }
            }
        }
        seconds.forEach((way, times) -> System.out.printf(
                "%s, %s: %.0f MB/s, %.2f s of CPU%n",
                where, way, file.size() / 1e6 / median(times), median(cpu.get(way))));
    }

    private void measure(String name, Way way, S3Client client, BackupFile file, boolean counts) throws IOException {
        byte[] buffer = new byte[BUFFER];
        double cpuBefore = cpuSeconds();
        long start = System.nanoTime();
        try (InputStream in = way.open(client, file)) {
            while (in.read(buffer) > 0) {
                // as fast as it comes
            }
        }
        if (counts) {
            seconds.computeIfAbsent(name, any -> new ArrayList<>()).add((System.nanoTime() - start) / 1e9);
            cpu.computeIfAbsent(name, any -> new ArrayList<>()).add(cpuSeconds() - cpuBefore);
        }
    }

    private static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
