package org.redisbackup.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisbackup.redis.Target;

class AllowedTargetsTest {
    private static Target resolve(String pattern, String address) throws AddressRefusedException {
        return new AllowedTargets(List.of(pattern)).resolve(address);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, 127.0.0.1:6379",
        "127.0.0.1:*, 127.0.0.1:7000, 127.0.0.1:7000",
        "localhost:7000, LOCALHOST.:7000, 127.0.0.1:7000",
        "10.1.*, 10.1.2.3, 10.1.2.3:6379",
        "*:*, 10.1.2.3:1, 10.1.2.3:1",
        "[2001:db8::1], [2001:DB8::1], [2001:db8:0:0:0:0:0:1]:6379",
        "[::1]:*, [::1]:6380, [0:0:0:0:0:0:0:1]:6380",
    })
    void allowed(String pattern, String address, String reached) throws Exception {
        assertThat(resolve(pattern, address).address()).isEqualTo(reached);
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3, 10.1.2.3:6380",
        "10.1.2.3:6380, 10.1.2.3",
        "10.1.*, 10.2.1.1",
        "10.1.2.3, x10.1.2.3",
        "10.1.2.3, 10.1.2.30",
        "*.example.com, example.com",
        "*.example.com, a.example.com.evil.test",
        "[2001:db8::1], [2001:db8::2]",
    })
    void notNamed(String pattern, String address) {
        assertThatThrownBy(() -> resolve(pattern, address))
                .isInstanceOf(AddressRefusedException.class)
                .hasMessageContaining("is no target that redisbackup.targets.allow names");
    }

    @Test
    void nothingIsAllowedWithoutPatterns() {
        assertThatThrownBy(() -> new AllowedTargets(List.of()).resolve("10.1.2.3"))
                .isInstanceOf(AddressRefusedException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "10.1.2.3:0",
                "10.1.2.3:65536",
                "10.1.2.3:*",
                "10.1.2.3:6379,10.1.2.4:6379",
                "10.1.2.3:6379/1",
                "user@10.1.2.3",
                "redis://10.1.2.3",
                "10.1.2.3 ",
                "2001:db8::1",
                "[fe80::1%eth0]",
                "a b",
                "host\n",
            })
    void noAddress(String address) {
        assertThatThrownBy(() -> resolve("*:*", address))
                .isInstanceOf(AddressRefusedException.class)
                .hasMessage("expected one address as host:port");
    }

    /** Also in the spellings that resolvers accept, and behind names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "2852039166",
                "0251.0376.0251.0376",
                "0xa9.0xfe.0xa9.0xfe",
                "[fe80::1]",
                "[::ffff:169.254.169.254]",
                "[64:ff9b::a9fe:a9fe]",
                "[2002:a9fe:a9fe::]",
                "[::169.254.169.254]",
                "100.100.100.200",
                "[fd00:ec2::254]",
                "0.0.0.0",
                "0",
                "[::]",
                "224.0.0.1",
                "[ff02::1]",
                "127.0.0.1",
                "127.1",
                "localhost",
                "[::1]",
                "[::ffff:127.0.0.1]",
                "[64:ff9b::7f00:1]",
            })
    void neverReached(String address) {
        assertThatThrownBy(() -> resolve("*:*", address))
                .as(address)
                .isInstanceOf(AddressRefusedException.class)
                .satisfiesAnyOf(
                        e -> assertThat(e).hasMessageContaining("is an address that no import may reach"),
                        e -> assertThat(e).hasMessageEndingWith("is unknown"));
    }

    @Test
    void whatANameMeansIsLookedUpOnce() throws Exception {
        Target target = resolve("localhost:*", "localhost:7000");
        assertThat(InetAddress.getByName(target.host()).isLoopbackAddress()).isTrue();
        assertThat(target.host()).matches("[0-9.:]+");
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://host", "host:70000x", "a b", "host:6379/0"})
    void noPattern(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AllowedTargets(List.of(pattern)))
                .withMessage("\"" + pattern + "\" is not host, host:port or host:*");
    }
}
