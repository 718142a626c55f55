package org.redisbackup.redis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.support.RedisServers;
import redis.clients.jedis.Jedis;

class KeyPatternTest {
    private static boolean matches(String pattern, String key) {
        byte[] around = ("[" + key + "]").getBytes(StandardCharsets.UTF_8);
        return KeyPattern.parse(pattern).matches(around, 1, around.length - 2);
    }

    /** Except that servers find the empty key by no pattern but one star. */
    @ParameterizedTest
    @MethodSource("org.redisbackup.support.RedisServers#all")
    void globsMeanWhatTheyMeanToServers(RedisServers.Program program) {
        List<String> keys = List.of(
                "a",
                "b",
                "ab",
                "abc",
                "abcabc",
                "a*c",
                "[a]",
                "a]c",
                "-",
                "a-c",
                "^a",
                "\\",
                "a\\c",
                "ä",
                "user:1",
                "user:12:name",
                "user:",
                "?",
                "aaab");
        Random random = new Random(1);
        try (Jedis jedis = RedisServers.shared(program).jedis()) {
            jedis.flushAll();
            keys.forEach(key -> jedis.set(key, "1"));
            for (int i = 0; i < 3000; i++) {
                String pattern = random(random);
                Set<String> expected = jedis.keys(pattern);
                Set<String> ours =
                        keys.stream().filter(key -> matches(pattern, key)).collect(Collectors.toSet());
                assertThat(ours).as("keys of %s", pattern).isEqualTo(expected);
            }
        }
    }

    private static String random(Random random) {
        String letters = "abc*?[]^-\\u:1";
        return random.ints(1 + random.nextInt(7), 0, letters.length())
                .mapToObj(letters::charAt)
                .map(String::valueOf)
                .collect(Collectors.joining());
    }

    @Test
    void expressionsMatchWholeKeys() {
        assertThat(matches("/user:\\d+/", "user:12")).isTrue();
        assertThat(matches("/user:\\d+/", "user:12:name")).isFalse();
        assertThat(matches("/.ser.*/", "user:\n1")).isTrue();
        assertThat(matches("/ä./", "äö")).isTrue();
        assertThat(matches("/", "/")).isTrue();
    }

    @Test
    void manyStarsTakeNoLongTime() {
        assertThat(matches("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "a".repeat(2000)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/(/", "/[/", ""})
    void noPattern(String pattern) {
        assertThatIllegalArgumentException().isThrownBy(() -> KeyPattern.parse(pattern));
    }
}
