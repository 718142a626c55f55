package org.redisbackup.rdb.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScoresTest {
    private static final Pattern NUMBER = Pattern.compile(
            "[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?|[-+]?(inf|infinity)", Pattern.CASE_INSENSITIVE);

    /** As it stands between other bytes that are digits, which don't count. */
    private static boolean isScore(byte[] text) {
        byte[] around = new byte[text.length + 2];
        around[0] = '1';
        around[around.length - 1] = '1';
        System.arraycopy(text, 0, around, 1, text.length);
        return Scores.isScore(around, 1, text.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.12345678901234567", "-123456789012345678901234", "12345678.87654321e-12", "1"})
    void anyOtherLetterAnywhere(String number) {
        byte[] text = number.getBytes(StandardCharsets.ISO_8859_1);
        assertThat(isScore(text)).isTrue();
        for (int i = 0; i < text.length; i++) {
            byte[] changed = text.clone();
            for (int letter = 0; letter < 256; letter++) {
                changed[i] = (byte) letter;
                String word = new String(changed, StandardCharsets.ISO_8859_1);
                assertThat(isScore(changed))
                        .as(word)
                        .isEqualTo(NUMBER.matcher(word).matches());
            }
        }
    }

    @Test
    void whateverAServerWrites() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            double score = Double.longBitsToDouble(random.nextLong());
            if (!Double.isNaN(score)) {
                assertThat(isScore(Double.toString(score).getBytes(StandardCharsets.US_ASCII)))
                        .as(Double.toString(score))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"inf", "-inf", "+Infinity", "0", "-0", ".5", "5.", "1e5", "1E+300", "-12345678"})
    void numbers(String text) {
        assertThat(isScore(text.getBytes(StandardCharsets.US_ASCII))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", ".", "e5", "1e", "1e+", "nan", "0x1p3", "12345678 ", "1..2", "in", "infinit"})
    void others(String text) {
        assertThat(isScore(text.getBytes(StandardCharsets.US_ASCII))).isFalse();
    }
}
