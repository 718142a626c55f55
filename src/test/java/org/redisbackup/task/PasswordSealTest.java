package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.redisbackup.redis.Secret;

class PasswordSealTest {
    private static final Secret PASSWORD = Secret.of("pässword");

    private static PasswordSeal seal(int fill) {
        byte[] key = new byte[PasswordSeal.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return PasswordSeal.with(key);
    }

    @Test
    void opensWhatItSealed() {
        String sealed = seal(1).seal("task", PASSWORD);
        assertThat(new String(Base64.getDecoder().decode(sealed), StandardCharsets.ISO_8859_1))
                .doesNotContain("ssword");
        assertThat(seal(1).open("task", sealed)).contains(PASSWORD);
        assertThat(seal(1).seal("task", PASSWORD)).as("never twice the same").isNotEqualTo(sealed);
    }

    @Test
    void opensForNoOtherTaskAndWithNoOtherKey() {
        String sealed = seal(1).seal("task", PASSWORD);
        assertThat(seal(1).open("other", sealed)).isEmpty();
        assertThat(seal(2).open("task", sealed)).isEmpty();
        assertThat(PasswordSeal.with(null).open("task", sealed)).isEmpty();
    }

    @Test
    void keepsNothingWithoutAKey() {
        PasswordSeal none = PasswordSeal.with(null);
        assertThat(none.seal("task", PASSWORD)).isEmpty();
        assertThat(none.open("task", "")).isEmpty();
        assertThat(none.seal("task", null)).isNull();
    }
}
