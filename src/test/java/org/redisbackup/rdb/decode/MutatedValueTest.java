package org.redisbackup.rdb.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.redisbackup.rdb.ArrayWindow;
import org.redisbackup.rdb.BatchReader;
import org.redisbackup.rdb.KeyBatch;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.rdb.RdbLimits;
import org.redisbackup.support.Corpus;
import org.redisbackup.support.Streams;

/**
 * Values of real backups with bytes changed, cut or doubled, the same ones each time: whatever comes of them, decoding
 * ends, and with nothing but a {@link RdbFormatException}; and values in memory and streamed are judged alike.
 */
class MutatedValueTest {
    private static final RdbLimits ROOMY = new RdbLimits(64 << 20, 1 << 20, 1 << 20);
    private static final int MAX_ELEMENT = 1 << 20;
    private static final int MAX_VALUE = 1 << 13;
    private static final int MUTANTS = 40;
    private static final byte[] TELLING = {0, 1, 0x7f, (byte) 0x80, (byte) 0xc3, (byte) 0xf0, (byte) 0xfe, (byte) 0xff};

    private final ArrayWindow window = new ArrayWindow();
    private final ValueValidator validator = new ValueValidator();
    private final SoundnessScan scan = new SoundnessScan();

    static Stream<String> files() {
        return Corpus.good()
                .filter(name -> name.startsWith("types-")
                        || name.startsWith("streams-redis-7.2")
                        || name.startsWith("plain-encodings-redis-7.0")
                        || name.startsWith("hash-field-ttl-")
                        || name.startsWith("handmade-v1"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void endsInAnOrderlyWay(String name) throws IOException {
        Random random = new Random(name.hashCode());
        try (BatchReader reader =
                new BatchReader(new ByteArrayInputStream(Corpus.bytes(name)), ROOMY, 1000, 1 << 20, 0)) {
            while (reader.hasNext()) {
                KeyBatch batch = reader.next();
                for (int i = 0; i < batch.size(); i++) {
                    if (ValueDecoder.isDecodable(batch.type(i)) && batch.valueLength(i) <= MAX_VALUE) {
                        mutate(batch, i, random);
                    }
                }
            }
        }
    }

    private void mutate(KeyBatch batch, int i, Random random) throws IOException {
        int start = batch.valueOffset(i);
        byte[] value = Arrays.copyOfRange(batch.arena(), start, start + (int) batch.valueLength(i));
        for (int mutant = 0; mutant < MUTANTS; mutant++) {
            byte[] changed = changed(value, random);
            Object whole = outcome(batch, i, changed, null);
            for (Streams portions : Streams.values()) {
                assertThat(outcome(batch, i, changed, portions) instanceof Long)
                        .as("record at %s, mutant %s: %s", batch.offset(i), mutant, whole)
                        .isEqualTo(whole instanceof Long);
            }
            validate(batch, i, changed);
        }
    }

    private static byte[] changed(byte[] value, Random random) {
        byte[] changed = value.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0 && changed.length > 0; changes--) {
            int at = random.nextInt(random.nextBoolean() ? changed.length : Math.min(changed.length, 32));
            switch (random.nextInt(6)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) random.nextInt();
                case 2, 3 -> changed[at] = TELLING[random.nextInt(TELLING.length)];
                case 4 -> changed = Arrays.copyOf(changed, at);
                default -> {
                    byte[] longer = Arrays.copyOf(changed, changed.length + (changed.length - at));
                    System.arraycopy(changed, at, longer, changed.length, changed.length - at);
                    changed = longer;
                }
            }
        }
        return changed;
    }

    /** The digest of the elements, or the message. */
    private Object outcome(KeyBatch batch, int i, byte[] value, Streams portions) throws IOException {
        ElementDigest digest = new ElementDigest();
        try {
            if (portions == null) {
                window.over(value, 0, value.length, 0);
                new ValueDecoder(window, MAX_ELEMENT, digest).decode(batch.type(i), batch.templates());
            } else {
                StreamWindow stream = new StreamWindow(portions.of(value), 0, MAX_ELEMENT);
                new ValueDecoder(stream, MAX_ELEMENT, digest).decode(batch.type(i), batch.templates());
            }
            return digest.digest();
        } catch (RdbFormatException e) {
            return e.getMessage();
        }
    }

    /** A quick look takes nothing for sound that is not. */
    private void validate(KeyBatch batch, int i, byte[] value) throws IOException {
        boolean sound = scan.isSound(batch.type(i), value, 0, value.length);
        try {
            validator.decode(batch.type(i), batch.templates(), value, 0, value.length, 0);
        } catch (RdbFormatException e) {
            assertThat(e).hasMessageContaining("at byte");
            assertThat(sound)
                    .as("record at %s, which is broken: %s", batch.offset(i), e.getMessage())
                    .isFalse();
        }
    }
}
