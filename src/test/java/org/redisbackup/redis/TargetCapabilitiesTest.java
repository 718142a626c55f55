package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisbackup.rdb.ValueType;

class TargetCapabilitiesTest {
    private static TargetCapabilities redis(String version) {
        return TargetCapabilities.of(Map.of("redis_version", version, "redis_mode", "standalone"), Map.of());
    }

    private static TargetCapabilities valkey(String version) {
        return TargetCapabilities.of(
                Map.of("redis_version", "7.2.4", "valkey_version", version, "server_mode", "standalone"), Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "5.0.14, 9",
        "6.2.16, 9",
        "7.0.15, 10",
        "7.2.6, 11",
        "7.4.1, 12",
        "8.0.6, 12",
        "8.4.0, 12",
        "8.6.1, 13",
        "8.8.0, 14",
        "8.10.0, 15",
        "255.255.255, 15"
    })
    void knowsWhatRedisAccepts(String version, int rdbVersion) {
        assertThat(redis(version).maxRdbVersion()).isEqualTo(rdbVersion);
    }

    @ParameterizedTest
    @CsvSource({"7.2.5, 11", "8.1.1, 11", "9.0.0, 80", "9.1.2, 80"})
    void knowsWhatValkeyAccepts(String version, int rdbVersion) {
        assertThat(valkey(version).maxRdbVersion()).isEqualTo(rdbVersion);
        assertThat(valkey(version).product()).isEqualTo("Valkey " + version);
    }

    @Test
    void keepsTheTypesOfTheDialectsApart() {
        assertThat(redis("8.0.6").knows(ValueType.HASH_METADATA)).isTrue();
        assertThat(redis("8.0.6").knows(ValueType.VALKEY_HASH_2)).isFalse();
        assertThat(valkey("9.1.2").knows(ValueType.VALKEY_HASH_2)).isTrue();
        assertThat(valkey("9.1.2").knows(ValueType.HASH_METADATA)).isFalse();
        assertThat(valkey("8.1.1").knows(ValueType.VALKEY_HASH_2)).isFalse();
        assertThat(valkey("8.1.1").knows(ValueType.STREAM_LISTPACKS_3)).isTrue();
    }

    @Test
    void sparesServersThatModuleValuesWouldEnd() {
        assertThat(redis("6.0.20").knows(ValueType.MODULE_2)).isFalse();
        assertThat(redis("6.0.20").refusal(ValueType.MODULE_2)).startsWith("Redis 6.0.20 exits when");
        assertThat(redis("6.2.16").knows(ValueType.MODULE_2)).isTrue();
        assertThat(valkey("7.2.5").knows(ValueType.MODULE_2)).isTrue();
    }

    @Test
    void takesLimitsFromTheConfiguration() {
        TargetCapabilities told = TargetCapabilities.of(
                Map.of("redis_version", "7.0.15"), Map.of("databases", "4", "proto-max-bulk-len", "1048576"));
        assertThat(told.databases()).isEqualTo(4);
        assertThat(told.maxBulkBytes()).isEqualTo(1 << 20);
        assertThat(redis("7.0.15").databases()).isEqualTo(TargetCapabilities.UNKNOWN);
        assertThat(redis("7.0.15").maxBulkBytes()).isEqualTo(TargetCapabilities.DEFAULT_MAX_BULK_BYTES);
    }

    @Test
    void refusesServersThatAreNoTargets() {
        assertThatThrownBy(() -> redis("4.0.14"))
                .hasMessage("is version 4.0.14; name a server of version 5.0 or later");
        assertThatThrownBy(() -> redis("unknown")).hasMessageStartingWith("is version unknown;");
        assertThatThrownBy(() -> TargetCapabilities.of(Map.of(), Map.of())).hasMessageContaining("does not tell");
        assertThatThrownBy(() ->
                        TargetCapabilities.of(Map.of("redis_version", "7.0.15", "redis_mode", "sentinel"), Map.of()))
                .hasMessageStartingWith("is a Sentinel");
    }
}
