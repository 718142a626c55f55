package org.redisbackup.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyPatternTest {
    @ParameterizedTest
    @CsvSource({
        "dump-{yyyy-MM-dd}.rdb, dump-2026-11-25.rdb, 2026-11-25T00:00",
        "{yyyyMMdd'T'HHmmss}*.rdb, 20261125T023000-full.rdb, 2026-11-25T02:30",
        "{yyyy}/{MM}/{dd}/{HHmm}.rdb, 2026/11/25/0230.rdb, 2026-11-25T02:30",
        "{yyyy/MM}/*, 2026/11/dump.rdb, 2026-11-01T00:00",
        "{d}-{MMM}-{yyyy}.rdb, 5-Nov-2026.rdb, 2026-11-05T00:00",
        "{yy.MM.dd}.rdb, 26.11.25.rdb, 2026-11-25T00:00",
        "**/dump.{yyyyMMddHHmmssSSS}.rdb, a/b/dump.20261125023000123.rdb, 2026-11-25T02:30:00.123"
    })
    void aKeyTellsADate(String pattern, String key, String date) {
        assertThat(KeyPattern.parse(pattern).match(key))
                .hasValueSatisfying(match -> assertThat(match.date()).hasToString(date));
    }

    @ParameterizedTest
    @CsvSource({
        "dump-{yyyy-MM-dd}.rdb, dump-2026-13-25.rdb",
        "dump-{yyyy-MM-dd}.rdb, dump-2026-02-30.rdb",
        "dump-{yyyy-MM-dd}.rdb, dump-26-11-25.rdb",
        "dump-{yyyy-MM-dd}.rdb, dump-2026-11-25.rdb.tmp",
        "dump-{yyyy-MM-dd}.rdb, old/dump-2026-11-25.rdb",
        "*.rdb, a/b.rdb",
        "?.rdb, ab.rdb",
        "a.rdb, abrdb"
    })
    void otherKeysAreNoBackups(String pattern, String key) {
        assertThat(KeyPattern.parse(pattern).match(key)).isEmpty();
    }

    @Test
    void aKeyTellsItsSetAndShard() {
        KeyPattern pattern = KeyPattern.parse("{set}/shard-{shard}-*.rdb");
        assertThat(pattern.namesSets()).isTrue();
        assertThat(pattern.match("weekly-7/shard-2-x.rdb")).contains(new KeyPattern.Match("weekly-7", "2", null));
        assertThat(KeyPattern.parse("*-{shard}.rdb").namesSets()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{yyyy-mm-dd}",
                "{dd}",
                "{}",
                "{Set}",
                "{yyyy",
                "yyyy}",
                "{set}/{set}",
                "{yyyy-'MM}",
                "{yyyy}{yyyy"
            })
    void aPatternThatCannotBeIsRefused(String pattern) {
        assertThatThrownBy(() -> KeyPattern.parse(pattern)).isInstanceOf(IllegalArgumentException.class);
    }
}
