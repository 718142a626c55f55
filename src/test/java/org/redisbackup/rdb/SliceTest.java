package org.redisbackup.rdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.Corpus.Truth;
import org.redisbackup.support.Streams;

/** Every value of every backup, cut out and compared with its recorded hash. */
class SliceTest {
    private static final RdbLimits ROOMY = new RdbLimits(64 << 20, 1 << 20, 1 << 20);

    static Stream<Arguments> filesInPortions() {
        return Corpus.good().flatMap(name -> Stream.of(Streams.values()).map(s -> Arguments.of(name, s)));
    }

    @ParameterizedTest
    @MethodSource("filesInPortions")
    void everySliceIsTheRecordedOne(String name, Streams portions) throws IOException {
        List<String> found = new ArrayList<>();
        long read = read(portions.of(Corpus.bytes(name)), ROOMY, found);
        assertThat(found).containsExactlyElementsOf(expected(name));
        assertThat(read).isLessThanOrEqualTo(Corpus.bytes(name).length);
    }

    /** With room for nothing, all but values of modules are streamed, and those are reported with their size. */
    @ParameterizedTest
    @MethodSource("filesInPortions")
    void streamedValuesAreTheRecordedOnes(String name, Streams portions) throws IOException {
        List<String> found = new ArrayList<>();
        read(portions.of(Corpus.bytes(name)), ROOMY.withMaxBufferedValue(100), found);
        List<String> expected = expected(name);
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i).endsWith("oversized")) {
                assertThat(found.get(i)).contains(" type 7 ");
                assertThat(expected.get(i)).startsWith(found.get(i).replace("oversized", ""));
            } else {
                assertThat(found.get(i)).isEqualTo(expected.get(i));
            }
        }
    }

    private static long read(InputStream stream, RdbLimits limits, List<String> found) throws IOException {
        try (BatchReader reader = new BatchReader(stream, limits, 100, 16 << 10, 1)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    found.add(describe(batch, i));
                }
                batch.release();
            }
            return reader.offset();
        }
    }

    private static String describe(KeyBatch batch, int i) throws IOException {
        byte[] streamed = batch.isStreamed(i) ? batch.streamedValue().readAllBytes() : null;
        String head = batch.db(i) + " " + HexFormat.of().formatHex(batch.key(i)) + " type "
                + batch.type(i).id() + " expires " + batch.expireAt(i) + " idle " + batch.idleSeconds(i) + " freq "
                + batch.frequency(i) + " length " + batch.valueLength(i) + " ";
        if (batch.isOversized(i)) {
            return head + "oversized";
        }
        if (batch.isStreamed(i)) {
            assertThat(batch.size()).isEqualTo(1);
            return head + sha1(streamed, 0, streamed.length);
        }
        int length = (int) batch.valueLength(i);
        byte[] payload = new byte[1 + length];
        payload[0] = (byte) batch.type(i).id();
        System.arraycopy(batch.arena(), batch.valueOffset(i), payload, 1, length);
        assertThat(batch.payloadCrc(i)).isEqualTo(Crc64.update(0, payload, 0, payload.length));
        return head + sha1(payload, 1, length);
    }

    private static List<String> expected(String name) throws IOException {
        return Corpus.truth(name).stream().map(SliceTest::describe).toList();
    }

    private static String describe(Truth truth) {
        return truth.db() + " " + truth.keyHex() + " type " + truth.type() + " expires "
                + truth.expireAt() + " idle " + truth.idleSeconds() + " freq " + truth.frequency() + " length "
                + truth.valueLength() + " " + truth.sha1();
    }

    private static String sha1(byte[] data, int offset, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(data, offset, length);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
