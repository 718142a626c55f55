package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisbackup.rdb.ValueType;
import org.redisbackup.rdb.decode.TargetFeatures;

class TargetCapabilitiesTest {
    private static TargetCapabilities redis(String version) {
        return TargetCapabilities.of(
                Map.of("redis_version", version, "redis_mode", "standalone"), Map.of(), Modules.UNKNOWN);
    }

    private static TargetCapabilities valkey(String version) {
        return TargetCapabilities.of(
                Map.of("redis_version", "7.2.4", "valkey_version", version, "server_mode", "standalone"),
                Map.of(),
                Modules.UNKNOWN);
    }

    @ParameterizedTest
    @CsvSource({
        "2.8.24, 6",
        "3.0.7, 6",
        "3.2.13, 7",
        "4.0.14, 8",
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

    @ParameterizedTest
    @CsvSource({
        "2.8.24, false, false, false, false, false, false, false, false",
        "3.2.13, false, false, false, false, false, false, false, false",
        "4.0.14, true, true, false, false, false, false, false, false",
        "5.0.14, true, true, true, false, false, false, false, true",
        "6.0.16, true, true, true, false, false, false, false, true",
        "6.2.16, true, true, true, true, false, false, false, true",
        "7.0.15, true, true, true, true, true, false, false, true",
        "7.2.6, true, true, true, true, true, false, false, true",
        "7.4.1, true, true, true, true, true, true, false, true",
        "8.8.0, true, true, true, true, true, true, true, true"
    })
    void knowsTheCommandsOfRedis(
            String version,
            boolean longHset,
            boolean unlink,
            boolean streams,
            boolean consumers,
            boolean streamCounters,
            boolean fieldExpiry,
            boolean arrays,
            boolean restores) {
        assertThat(redis(version).features())
                .isEqualTo(
                        new TargetFeatures(longHset, unlink, streams, consumers, streamCounters, fieldExpiry, arrays));
        assertThat(redis(version).restores(ValueType.STRING)).isEqualTo(restores);
        assertThat(redis(version).setsWithExpiry()).isEqualTo(consumers); // 6.2, both of them
        assertThat(redis(version).features().canHold(ValueType.STREAM_LISTPACKS_3))
                .isEqualTo(streams);
    }

    @Test
    void knowsTheCommandsOfValkey() {
        assertThat(valkey("8.1.1").features())
                .isEqualTo(new TargetFeatures(true, true, true, true, true, false, false));
        assertThat(valkey("9.0.0").features()).isEqualTo(new TargetFeatures(true, true, true, true, true, true, false));
    }

    @Test
    void restoresNoHashesOfTemplates() {
        assertThat(redis("8.10.0").restores(ValueType.HASH_TEMPLATE_ARRAY)).isFalse();
        assertThat(redis("8.10.0").restores(ValueType.HASH_METADATA)).isTrue();
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

    private static String moduleRefusal(String version, Modules modules, String type) {
        return TargetCapabilities.of(Map.of("redis_version", version), Map.of(), modules)
                .moduleRefusal(type);
    }

    @Test
    void sparesServersThatModuleValuesWouldEnd() {
        assertThat(moduleRefusal("6.0.20", Modules.UNKNOWN, "ReJSON-RL"))
                .startsWith("Redis 6.0.20 exits when")
                .contains("does not prove that it has ReJSON-RL");
        assertThat(moduleRefusal("5.0.14", Modules.of("Search"), "ReJSON-RL")).isNotNull();
        assertThat(moduleRefusal("5.0.14", Modules.of("mine"), "minestype")).startsWith("Redis 5.0.14 exits when");
        assertThat(moduleRefusal("5.0.14", Modules.of("ReJSON"), "ReJSON-RL")).isNull();
        assertThat(moduleRefusal("6.2.16", Modules.UNKNOWN, "ReJSON-RL")).isNull();
        assertThat(valkey("7.2.5").moduleRefusal("ReJSON-RL")).isNull();
    }

    @Test
    void sendsNoValuesOfModulesThatAreMissing() {
        assertThat(moduleRefusal("7.0.15", Modules.of(), "minestype"))
                .isEqualTo("the target lacks the module minestype");
        assertThat(moduleRefusal("7.0.15", Modules.of("Search"), "ReJSON-RL")).contains("lacks the module ReJSON-RL");
        assertThat(moduleRefusal("7.0.15", Modules.of("mine"), "minestype")).isNull(); // only trying tells
        assertThat(moduleRefusal("8.0.6", Modules.of("vectorset"), "vectorset")).isNull();
    }

    @Test
    void tellsClustersFromStandaloneServers() {
        TargetCapabilities node = TargetCapabilities.of(
                Map.of("redis_version", "7.0.15", "redis_mode", "cluster"), Map.of(), Modules.UNKNOWN);
        node.checkBelongsTo(TargetMode.CLUSTER);
        assertThatThrownBy(() -> node.checkBelongsTo(TargetMode.STANDALONE))
                .hasMessage("is a node of a cluster; import with the mode cluster");
        assertThatThrownBy(() -> redis("7.0.15").checkBelongsTo(TargetMode.CLUSTER))
                .hasMessage("is no node of a cluster; import with the mode standalone");
    }

    @Test
    void knowsServersThatTakeNoKeysNow() {
        assertThat(TargetCapabilities.whyNotReady(Map.of("role", "master", "loading", "1")))
                .startsWith("is still loading");
        assertThat(TargetCapabilities.whyNotReady(
                        Map.of("role", "slave", "slave_read_only", "1", "master_host", "::1", "master_port", "6379")))
                .isEqualTo("is a read-only replica; name its primary instead, ::1:6379");
        assertThat(TargetCapabilities.whyNotReady(Map.of("role", "slave", "slave_read_only", "0")))
                .isNull();
        assertThat(TargetCapabilities.whyNotReady(Map.of())).isNull();
    }

    @Test
    void takesLimitsFromTheConfiguration() {
        TargetCapabilities told = TargetCapabilities.of(
                Map.of("redis_version", "7.0.15"),
                Map.of("databases", "4", "proto-max-bulk-len", "1048576"),
                Modules.UNKNOWN);
        assertThat(told.databases()).isEqualTo(4);
        assertThat(told.maxBulkBytes()).isEqualTo(1 << 20);
        assertThat(redis("7.0.15").databases()).isEqualTo(TargetCapabilities.UNKNOWN);
        assertThat(redis("7.0.15").maxBulkBytes()).isEqualTo(TargetCapabilities.DEFAULT_MAX_BULK_BYTES);
    }

    @Test
    void refusesServersThatAreNoTargets() {
        assertThatThrownBy(() -> redis("2.6.17"))
                .hasMessage("is version 2.6.17; name a server of version 2.8 or later");
        assertThatThrownBy(() -> redis("unknown")).hasMessageStartingWith("is version unknown;");
        assertThatThrownBy(() -> TargetCapabilities.of(Map.of(), Map.of(), Modules.UNKNOWN))
                .hasMessageContaining("does not tell");
        assertThatThrownBy(() -> TargetCapabilities.of(
                        Map.of("redis_version", "7.0.15", "redis_mode", "sentinel"), Map.of(), Modules.UNKNOWN))
                .hasMessageStartingWith("is a Sentinel");
    }
}
