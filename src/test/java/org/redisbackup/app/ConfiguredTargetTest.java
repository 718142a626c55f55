package org.redisbackup.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.redisbackup.redis.Encryption;
import org.redisbackup.redis.Target;
import org.redisbackup.redis.TargetMode;
import org.redisbackup.support.TestCertificate;

class ConfiguredTargetTest {
    private static final String ID = "d2c8399f-bdba-43c1-8069-3ff17a1a79d5";

    @TempDir
    Path directory;

    private static Target target(Map<String, String> fields) {
        Map<String, String> properties = new HashMap<>();
        fields.forEach((field, value) -> properties.put("redisbackup.instances." + ID + "." + field, value));
        return new Configured(Settings.of(properties))
                .instances()
                .find(ID)
                .orElseThrow()
                .target();
    }

    @Test
    void readsClusters() {
        Target target = target(Map.of("url", "rediss://me:secret@a,[::1]:7001,b:7002", "mode", "cluster"));
        assertThat(target.mode()).isEqualTo(TargetMode.CLUSTER);
        assertThat(target).hasToString("rediss://me@a:6379,[::1]:7001,b:7002");
        assertThat(target.encryption()).isEqualTo(Encryption.STANDARD);
    }

    @Test
    void readsSentinels() {
        Target target = target(Map.of("url", "redis-sentinel://:secret@a,b:7001/mine"));
        assertThat(target.mode()).isEqualTo(TargetMode.SENTINEL);
        assertThat(target).hasToString("redis-sentinel://a:26379,b:7001/mine");
        assertThat(target(Map.of("url", "redis://:secret@a,b:7001", "mode", "sentinel", "primary", "mine")))
                .isEqualTo(target);
        assertThat(target(Map.of("url", "redis://:secret@a,b:7001/mine", "mode", "sentinel")))
                .isEqualTo(target);
    }

    @Test
    void readsCertificates() throws Exception {
        TestCertificate made = TestCertificate.make(directory, "client", "EC");
        Target target = target(Map.of(
                "url", "rediss://a",
                "tls.ca-certificate", made.certificate().toString(),
                "tls.client-certificate", made.certificate().toString(),
                "tls.client-key", made.key().toString(),
                "tls.verify-hostname", "false"));
        assertThat(target.encryption())
                .isEqualTo(new Encryption(made.certificate(), made.certificate(), made.key(), false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "redis://a,b | - | - | - | url: several hosts are a cluster or Sentinels; say so by the mode.",
                "redis://a | proxy | - | - | mode is \"standalone\", \"cluster\" or \"sentinel\", not \"proxy\".",
                "redis://a | sentinel | - | - | url: Sentinels watch primaries by name; expected",
                "redis://a/5 | cluster | - | - | url: not a Redis URL; expected",
                "redis-sentinel://a/b | cluster | - | - | url: redis-sentinel:// is no address in mode cluster.",
                "redis://a | - | ca-certificate | x.pem | tls: the URL says that nothing is encrypted",
                "rediss://a | - | ca-certificate | x.pem | tls: the file x.pem can't be read.",
                "rediss://a | - | client-key | x.pem | tls: a client certificate and its key belong together",
                "rediss://a | - | verify-hostname | no | tls.verify-hostname is \"true\" or \"false\", not \"no\"."
            })
    void saysWhatIsWrong(String url, String mode, String tlsField, String tlsValue, String problem) {
        Map<String, String> fields = new HashMap<>(Map.of("url", url));
        if (mode != null) {
            fields.put("mode", mode);
        }
        if (tlsField != null) {
            fields.put("tls." + tlsField, tlsValue);
        }
        assertThatThrownBy(() -> target(fields))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("redisbackup.instances." + ID + "." + problem);
    }

    @Test
    void keepsTheStateOnOneServer() {
        Configured configured = new Configured(Settings.of(Map.of("redisbackup.state", "redis-sentinel://a/mine")));
        assertThatThrownBy(configured::state).hasMessageContaining("the state is kept by one server");
    }
}
