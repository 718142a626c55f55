package org.redisbackup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.CuttingProxy;
import org.redisbackup.support.FaultProxy;
import org.redisbackup.support.S3Server;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

class ReopeningInputStreamTest {
    private static final Backoff AT_ONCE = new Backoff(3, Duration.ZERO, Duration.ZERO);
    private static final int SIZE = 1_000_000;
    private static final String KEY = "dump.rdb";

    private final String bucket = S3Server.freshBucket();
    private final List<String> retries = new ArrayList<>();
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

    @Test
    void goesOnWhereConnectionsEndedEarly() throws Exception {
        byte[] content = put(SIZE, 1);
        BackupFile file = find();
        proxy.endAfter(1000, 100_000, 300_000, 500, 1);
        assertThat(read(file, 0)).isEqualTo(content);
        assertThat(proxy.connections()).isGreaterThanOrEqualTo(5);
        assertThat(retries)
                .hasSizeGreaterThanOrEqualTo(4)
                .allMatch(retry -> retry.matches("Reading s3://" + bucket + "/dump.rdb goes on at byte \\d+ of 1000000"
                        + " with another connection: the connection .*"));
    }

    @Test
    void goesOnWhereConnectionsWereReset() throws Exception {
        byte[] content = put(SIZE, 2);
        BackupFile file = find();
        proxy.resetAfter(70_000, 200_000, 400_000);
        byte[] rest = new byte[SIZE - 12_345];
        System.arraycopy(content, 12_345, rest, 0, rest.length);
        assertThat(read(file, 12_345)).isEqualTo(rest);
    }

    @Test
    void readsAPart() throws Exception {
        byte[] content = put(SIZE, 12);
        BackupFile file = find();
        proxy.endAfter(70_000);
        try (InputStream in = new ReopeningInputStream(client, file, 100_000, 300_000, AT_ONCE, retries::add)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 100_000, 300_000));
        }
        assertThat(retries).hasSize(1);
    }

    @Test
    void readsByteByByte() throws Exception {
        byte[] content = put(3000, 3);
        BackupFile file = find();
        proxy.endAfter(1500, 1600);
        try (InputStream in = open(file, 0)) {
            for (byte expected : content) {
                assertThat(in.read()).isEqualTo(expected & 0xff);
            }
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    /** What a stream says of its reading; the second time that it breaks ends the stall. */
    private static final class Heard implements ReadEvents {
        private final List<String> broken = new ArrayList<>();
        private final FaultProxy stalling;
        private int recoveries;

        Heard(FaultProxy stalling) {
            this.stalling = stalling;
        }

        @Override
        public void broke(String what) {
            broken.add(what);
            stalling.stall(broken.size() < 2);
        }

        @Override
        public void goesOn() {
            recoveries++;
        }
    }

    @Test
    void goesOnWhenTheServerWasSilentForTooLong() throws Exception {
        byte[] content = put(SIZE, 13);
        BackupFile file = find();
        try (FaultProxy stalling = new FaultProxy(S3Server.server().port());
                S3Client slow = S3Server.client(stalling.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY)) {
            Heard heard = new Heard(stalling);
            ReopeningInputStream in =
                    new ReopeningInputStream(slow, file, 0, SIZE, AT_ONCE.withSilence(Duration.ofMillis(200)), heard);
            stalling.stallAfter(SIZE / 2);
            assertThat(in.readAllBytes()).isEqualTo(content);
            assertThat(heard.broken)
                    .hasSize(2) // in the middle of an answer, and before the next
                    .allMatch(what -> what.endsWith("with another connection: the S3 server sent nothing for 0.2 s."));
            assertThat(heard.recoveries).isEqualTo(1);
        }
    }

    @Test
    void goesOnWithRenewedCredentials() throws Exception {
        byte[] content = put(SIZE, 14);
        BackupFile file = find();
        AwsCredentials valid = AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
        AtomicReference<AwsCredentials> provided = new AtomicReference<>(valid);
        try (FaultProxy fault = new FaultProxy(S3Server.server().port());
                S3Client renewing = S3Server.client(fault.endpoint(), provided::get)) {
            fault.limitEach(500_000); // so that the first connection has not brought all when it is reset
            ReadEvents events = what -> {
                retries.add(what);
                if (retries.size() == 3) {
                    provided.set(valid);
                }
            };
            ReopeningInputStream in = new ReopeningInputStream(
                    renewing, file, 0, SIZE, new Backoff(4, Duration.ZERO, Duration.ZERO), events);
            assertThat(in.readNBytes(100)).isEqualTo(Arrays.copyOf(content, 100));
            fault.limitEach(Long.MAX_VALUE);
            provided.set(AwsBasicCredentials.create(S3Server.ACCESS_KEY, "the-secret-before"));
            fault.answer(1, 403, "<Error><Code>ExpiredToken</Code><Message>It expired.</Message></Error>");
            fault.reset();
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(content, 100, SIZE));
            assertThat(retries).hasSize(3);
            assertThat(retries.get(1)).contains("does not accept the credentials (ExpiredToken)");
            assertThat(retries.get(2)).contains("does not accept the credentials (SignatureDoesNotMatch)");
        }
    }

    @Test
    void credentialsThatWereNeverAcceptedAreRefusedAtOnce() throws Exception {
        put(SIZE, 15);
        BackupFile file = find();
        try (S3Client wrong = S3Server.client(proxy.endpoint(), S3Server.ACCESS_KEY, "wrong")) {
            ReopeningInputStream in = new ReopeningInputStream(wrong, file, 0, SIZE, AT_ONCE, retries::add);
            assertThatThrownBy(in::connect).hasMessageContaining("does not accept the credentials");
            assertThat(retries).isEmpty();
        }
    }

    @Test
    void givesUpWhenNothingComesAnyMore() throws Exception {
        put(SIZE, 4);
        BackupFile file = find();
        proxy.endAfter(200_000);
        try (InputStream in = open(file, 0)) {
            proxy.refuse();
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(SourceException.class)
                    .hasMessageMatching("Gave up reading s3://" + bucket + "/dump.rdb at byte \\d{6} of 1000000"
                            + " after 3 attempts in a row that brought no byte: the connection to the S3 endpoint"
                            + " failed \\(.+\\); check its address and the network\\.");
        }
    }

    @Test
    void noticesThatTheObjectWasReplaced() throws Exception {
        put(SIZE, 5);
        BackupFile file = find();
        proxy.endAfter(200_000);
        try (InputStream in = open(file, 0)) {
            put(SIZE, 6);
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(SourceException.class)
                    .hasMessageMatching("s3://" + bucket + "/dump.rdb changed while it was read \\(at byte \\d+ of"
                            + " 1000000\\): another version took its place; import it again\\.");
        }
    }

    @Test
    void noticesThatTheObjectWasDeleted() throws Exception {
        put(SIZE, 7);
        BackupFile file = find();
        proxy.endAfter(200_000);
        try (InputStream in = open(file, 0)) {
            S3Server.client().deleteObject(request -> request.bucket(bucket).key(KEY));
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(SourceException.class)
                    .hasMessageContaining("there is no such object");
        }
    }

    @Test
    void closingEndsTheRequestInsteadOfReadingTheRest() throws Exception {
        int large = 30_000_000;
        put(large, 8);
        BackupFile file = find();
        for (int i = 0; i < 60; i++) { // more than the client has connections
            try (InputStream in = open(file, 0)) {
                assertThat(in.readNBytes(10)).hasSize(10);
            }
        }
        client.close();
        assertThat(proxy.answeredWhenIdle()).isLessThan(60L * large / 2);
    }

    @Test
    void connectionsOfCompleteReadsAreUsedAgain() throws Exception {
        put(SIZE, 9);
        BackupFile file = find();
        for (int i = 0; i < 5; i++) {
            assertThat(read(file, 0)).hasSize(SIZE);
        }
        assertThat(proxy.connections()).isEqualTo(1);
    }

    @Test
    void closingEndsAReadOfAnotherThread() throws Exception {
        put(SIZE, 10);
        BackupFile file = find();
        proxy.endAfter(200_000);
        Backoff forever = new Backoff(1000, Duration.ofHours(1), Duration.ofHours(1));
        CompletableFuture<Void> atTheCut = new CompletableFuture<>();
        proxy.onCut(() -> atTheCut.complete(null));
        InputStream in = open(file, 0, forever);
        CompletableFuture<byte[]> reading = CompletableFuture.supplyAsync(() -> readAll(in));
        atTheCut.get();
        in.close();
        assertThatThrownBy(reading::get).hasRootCauseMessage("the stream of s3://" + bucket + "/dump.rdb is closed");
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() throws Exception {
        put(SIZE, 11);
        BackupFile file = find();
        try (InputStream in = open(file, 0)) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(InterruptedIOException.class)
                    .hasMessageContaining("interrupted while reading s3://" + bucket + "/dump.rdb at byte");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void pausesAreBoundedAndGrow() {
        Backoff backoff = new Backoff(10, Duration.ofMillis(100), Duration.ofSeconds(10));
        List<Long> longest = new ArrayList<>(List.of(100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 10_000L, 10_000L));
        for (int failed = 1; failed <= longest.size(); failed++) {
            long bound = longest.get(failed - 1);
            assertThat(backoff.pauseAfter(failed).toMillis()).isBetween(bound / 2, bound);
        }
        assertThat(backoff.pauseAfter(Integer.MAX_VALUE)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }

    private InputStream open(BackupFile file, long offset) throws IOException {
        return open(file, offset, AT_ONCE);
    }

    private ReopeningInputStream open(BackupFile file, long offset, Backoff backoff) throws IOException {
        ReopeningInputStream stream =
                new ReopeningInputStream(client, file, offset, file.size(), backoff, retries::add);
        stream.connect();
        return stream;
    }

    private byte[] read(BackupFile file, long offset) throws IOException {
        try (InputStream in = open(file, offset)) {
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
