package org.redisbackup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.CuttingProxy;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

class ReadAheadInputStreamTest {
    private static final Backoff AT_ONCE = new Backoff(3, Duration.ZERO, Duration.ZERO);
    private static final ReadAhead SMALL = new ReadAhead(50_000, 4);
    private static final int SIZE = 1_000_000;
    private static final String KEY = "dump.rdb";

    private final String bucket = S3Server.freshBucket();
    private final List<String> retries = Collections.synchronizedList(new ArrayList<>());
    private CuttingProxy proxy;
    private S3Client client;

    @BeforeEach
    void standBetween() throws Exception {
        proxy = new CuttingProxy(S3Server.server().endpoint());
        client = S3Server.client(proxy.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
    }

    @AfterEach
    void leave() {
        client.close();
        proxy.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 9})
    void bringsTheBytesInOrder(int lanes) throws Exception {
        byte[] content = put(SIZE, 1);
        for (int offset : List.of(0, 1, 49_999, 777_777, SIZE - 1, SIZE)) {
            assertThat(read(find(), offset, lanes)).isEqualTo(Arrays.copyOfRange(content, offset, SIZE));
        }
        assertThat(retries).isEmpty();
    }

    @Test
    void lastPartsMayBeShortOrFull() throws Exception {
        for (int size : List.of(0, 1, 49_999, 50_000, 50_001, 200_000, 200_001)) {
            byte[] content = put(size, size);
            assertThat(read(find(), 0, 3)).isEqualTo(content);
        }
    }

    @Test
    void bringsByteByByte() throws Exception {
        byte[] content = put(120_000, 2);
        try (InputStream in = open(find(), 0, 2)) {
            for (byte expected : content) {
                assertThat(in.read()).isEqualTo(expected & 0xff);
            }
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void goesOnWhereConnectionsBroke(int lanes) throws Exception {
        byte[] content = put(SIZE, 3);
        BackupFile file = find();
        proxy.endAfter(30_000, 40_000, 1).resetAfter(20_000, 45_000, 500).endAfter(60_000);
        assertThat(read(file, 0, lanes)).isEqualTo(content);
        assertThat(retries)
                .isNotEmpty()
                .allMatch(retry -> retry.matches("Reading s3://" + bucket + "/dump.rdb goes on at byte \\d+ of 1000000"
                        + " with another connection: the connection .*"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void bringsAllBytesBeforeThePlaceWhereItGivesUp(int lanes) throws Exception {
        byte[] content = put(SIZE, 4);
        BackupFile file = find();
        proxy.endAfter(120_000);
        try (InputStream in = open(file, 0, 1)) {
            proxy.refuse();
            for (int lane = 1; lane < lanes; lane++) {
                ((ReadAheadInputStream) in).addLane();
            }
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            Throwable failure = catchThrowable(() -> in.transferTo(read));
            assertThat(failure)
                    .isInstanceOf(SourceException.class)
                    .hasMessageMatching("Gave up reading s3://" + bucket + "/dump.rdb at byte " + read.size()
                            + " of 1000000 after 3 attempts in a row that brought no byte: the connection to the"
                            + " S3 endpoint failed \\(.+\\); check its address and the network\\.");
            assertThat(read.toByteArray()).isEqualTo(Arrays.copyOf(content, read.size()));
        }
    }

    @Test
    void noticesThatTheObjectWasReplaced() throws Exception {
        byte[] content = put(SIZE, 5);
        BackupFile file = find();
        try (ReadAheadInputStream in = open(file, 0, 1)) {
            assertThat(in.readNBytes(10)).hasSize(10); // the window of 200,000 bytes is full, or will be
            put(SIZE, 6);
            in.addLane();
            in.addLane();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            Throwable failure = catchThrowable(() -> in.transferTo(read));
            assertThat(failure)
                    .isInstanceOf(SourceException.class)
                    .hasMessage("s3://" + bucket + "/dump.rdb changed while it was read (at byte " + (read.size() + 10)
                            + " of 1000000): another version took its place; import it again.");
            assertThat(read.toByteArray()).isEqualTo(Arrays.copyOfRange(content, 10, read.size() + 10));
        }
    }

    @Test
    void fetchesOverMoreConnectionsWhenTheReaderHasToWait() throws Exception {
        byte[] content = put(SIZE, 7);
        BackupFile file = find();
        proxy.limitEach(2_000_000);
        assertThat(read(file, 0, 1)).isEqualTo(content);
        assertThat(proxy.connections()).isGreaterThan(1);
    }

    @Test
    void asksOnceForAnObjectThatFitsIntoAPart() throws Exception {
        byte[] content = put(50_000, 8);
        BackupFile file = find();
        proxy.limitEach(1_000_000);
        assertThat(read(file, 0, 1)).isEqualTo(content);
        assertThat(read(file, 0, 1)).isEqualTo(content);
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void closingEndsTheRequestsInsteadOfReadingTheRest() throws Exception {
        int large = 30_000_000;
        put(large, 9);
        BackupFile file = find();
        for (int i = 0; i < 30; i++) { // with two lanes, more than the client has connections
            try (InputStream in = open(file, 0, 2)) {
                assertThat(in.readNBytes(200_000)).hasSize(200_000);
            }
        }
        client.close();
        assertThat(proxy.answeredWhenIdle()).isLessThan(30L * large / 2);
    }

    @Test
    void closingEndsAReadOfAnotherThread() throws Exception {
        put(SIZE, 10);
        BackupFile file = find();
        proxy.endAfter(120_000, 1, 1, 1);
        Backoff forever = new Backoff(1000, Duration.ofHours(1), Duration.ofHours(1));
        CompletableFuture<Void> atTheCut = new CompletableFuture<>();
        proxy.onCut(() -> atTheCut.complete(null));
        ReadAheadInputStream in = new S3BackupSource(client, forever, SMALL).openReadAhead(file, 0, retry -> {});
        CompletableFuture<byte[]> reading = CompletableFuture.supplyAsync(() -> readAll(in));
        atTheCut.get();
        in.close();
        assertThatThrownBy(reading::get).hasRootCauseMessage("the stream of s3://" + bucket + "/dump.rdb is closed");
        in.close();
    }

    @Test
    void nobodyWritesToTheBuffersOfStreamsThatWereClosed() throws Exception {
        byte[] content = put(SIZE, 13);
        BackupFile file = find();
        S3BackupSource source = new S3BackupSource(client, AT_ONCE, SMALL);
        for (int i = 0; i < 50; i++) {
            try (ReadAheadInputStream closed = source.openReadAhead(file, 400_000, retries::add)) {
                closed.addLane();
                assertThat(closed.readNBytes(10 * i)).hasSize(10 * i);
            }
            try (InputStream next = source.openReadAhead(file, 0, retries::add)) {
                assertThat(next.readAllBytes()).isEqualTo(content);
            }
        }
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() throws Exception {
        put(SIZE, 11);
        BackupFile file = find();
        try (InputStream in = open(file, 0, 1)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessage("interrupted while reading s3://" + bucket + "/dump.rdb at byte 0");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void asksOnlyOnceWhereAServerIgnoresTheRange() throws Exception {
        byte[] content = new byte[SIZE];
        new Random(12).nextBytes(content);
        HttpServer simple = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        simple.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("ETag", "\"one\"");
            exchange.sendResponseHeaders(200, content.length);
            try (exchange) {
                exchange.getResponseBody().write(content);
            }
        });
        simple.start();
        URI endpoint = URI.create("http://127.0.0.1:" + simple.getAddress().getPort());
        BackupFile file = new BackupFile("bucket", KEY, "\"one\"", SIZE, Instant.EPOCH);
        try (S3Client plain = S3Server.client(endpoint, S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
                ReadAheadInputStream in =
                        new S3BackupSource(plain, AT_ONCE, SMALL).openReadAhead(file, 0, retries::add)) {
            in.addLane();
            assertThat(in.readAllBytes()).isEqualTo(content);
        } finally {
            simple.stop(0);
        }
    }

    private ReadAheadInputStream open(BackupFile file, long offset, int lanes) throws IOException {
        ReadAheadInputStream stream =
                new S3BackupSource(client, AT_ONCE, SMALL).openReadAhead(file, offset, retries::add);
        for (int lane = 1; lane < lanes; lane++) {
            stream.addLane();
        }
        return stream;
    }

    private byte[] read(BackupFile file, long offset, int lanes) throws IOException {
        try (InputStream in = open(file, offset, lanes)) {
            return in.readAllBytes();
        }
    }

    private static byte[] readAll(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BackupFile find() throws SourceException {
        return new S3BackupSource(S3Server.client()).find(bucket, KEY);
    }

    private byte[] put(int size, long seed) {
        byte[] content = new byte[size];
        new Random(seed).nextBytes(content);
        S3Server.client().putObject(request -> request.bucket(bucket).key(KEY), RequestBody.fromBytes(content));
        return content;
    }
}
