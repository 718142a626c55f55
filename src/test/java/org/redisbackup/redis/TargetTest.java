package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "redis://localhost,            localhost, 6379, -,    -,   false",
                "redis://localhost:7000/,      localhost, 7000, -,    -,   false",
                "rediss://h:1,                 h,         1,    -,    -,   true",
                "redis://my_redis:6379,        my_redis,  6379, -,    -,   false",
                "redis://:pw@h,                h,         6379, -,    pw,  false",
                "redis://user:p%40w+@h,        h,         6379, user, p@w+, false",
                "redis://[::1]:7000,           ::1,       7000, -,    -,   false",
            })
    void readsAUrl(String url, String host, int port, String username, String password, boolean tls) {
        assertThat(Target.parse(url)).isEqualTo(new Target(host, port, username, Secret.of(password), tls));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:6379",
                "http://localhost",
                "redis://",
                "redis://:secret@",
                "redis://:secret@h:6379/5",
                "redis://:secret@h?db=5",
                "redis://:secret@h:port"
            })
    void refusesWhatItDoesNotUnderstandWithoutRepeatingThePassword(String url) {
        assertThatThrownBy(() -> Target.parse(url))
                .hasMessageStartingWith("not a Redis URL; expected")
                .hasMessageNotContaining("secret");
    }

    @Test
    void showsNoPassword() {
        assertThat(Target.parse("rediss://user:secret@h:1")).hasToString("rediss://user@h:1");
    }
}
