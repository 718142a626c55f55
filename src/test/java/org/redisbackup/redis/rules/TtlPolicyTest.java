package org.redisbackup.redis.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.redisbackup.rdb.KeyBatch;

class TtlPolicyTest {
    private static final long WRITTEN = 1_000_000;
    private static final long NOW = 5_000_000;

    private static long expiry(TtlPolicy policy, long expireAt) {
        return policy.expiry(expireAt, WRITTEN, NOW, 42);
    }

    @Test
    void keepsExpiries() {
        assertThat(expiry(TtlPolicy.KEEP, 6_000_000)).isEqualTo(6_000_000);
        assertThat(expiry(TtlPolicy.KEEP, 4_000_000)).isEqualTo(4_000_000);
        assertThat(expiry(TtlPolicy.KEEP, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(expiry(TtlPolicy.KEEP, -5)).isEqualTo(-5);
    }

    @Test
    void shiftsByTheAgeOfTheBackup() {
        TtlPolicy shift = new TtlPolicy(TtlPolicy.Mode.SHIFT, false, 0, 0);
        assertThat(expiry(shift, WRITTEN + 10)).isEqualTo(NOW + 10);
        assertThat(expiry(shift, WRITTEN - 10)).isEqualTo(NOW - 10);
        assertThat(expiry(shift, Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void neverGivesAnExpiryToAKeyThatHasNone() {
        for (TtlPolicy.Mode mode : TtlPolicy.Mode.values()) {
            assertThat(expiry(new TtlPolicy(mode, false, 1000, 1000), KeyBatch.NO_EXPIRY))
                    .isEqualTo(KeyBatch.NO_EXPIRY);
        }
    }

    @Test
    void persists() {
        assertThat(expiry(new TtlPolicy(TtlPolicy.Mode.PERSIST, false, 0, 0), NOW + 1))
                .isEqualTo(KeyBatch.NO_EXPIRY);
    }

    @Test
    void revivesExpiredKeysOnlyWhenToldTo() {
        assertThat(expiry(new TtlPolicy(TtlPolicy.Mode.PERSIST, false, 0, 0), 1))
                .isEqualTo(1);
        assertThat(expiry(new TtlPolicy(TtlPolicy.Mode.PERSIST, true, 0, 0), 1)).isEqualTo(KeyBatch.NO_EXPIRY);
        assertThat(expiry(new TtlPolicy(TtlPolicy.Mode.KEEP, false, 1000, 0), 1))
                .isEqualTo(1);
    }

    @Test
    void keepsAliveAtLeastForTheFloor() {
        TtlPolicy floor = new TtlPolicy(TtlPolicy.Mode.KEEP, true, 1000, 0);
        assertThat(expiry(floor, 4_000_000)).isEqualTo(NOW + 1000);
        assertThat(expiry(floor, NOW + 999)).isEqualTo(NOW + 1000);
        assertThat(expiry(floor, NOW + 1001)).isEqualTo(NOW + 1001);
    }

    @Test
    void spreadsExpiriesTheSameWayEachTime() {
        TtlPolicy jitter = new TtlPolicy(TtlPolicy.Mode.KEEP, false, 0, 9);
        long[] spread = IntStream.range(0, 1000)
                .mapToLong(hash -> jitter.expiry(NOW + 100, WRITTEN, NOW, hash))
                .toArray();
        assertThat(Arrays.stream(spread)).allMatch(expiry -> expiry >= NOW + 100 && expiry <= NOW + 109);
        assertThat(spread).contains(NOW + 100, NOW + 104, NOW + 109);
        assertThat(jitter.expiry(NOW + 100, WRITTEN, NOW + 1, 7)).isEqualTo(spread[7]);
        assertThat(expiry(jitter, NOW - 1)).as("jitter revives no key").isEqualTo(NOW - 1);
        assertThat(jitter.expiry(Long.MAX_VALUE - 1, WRITTEN, NOW, 999)).isPositive();
    }

    @Test
    void noPolicy() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TtlPolicy(TtlPolicy.Mode.KEEP, false, -1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TtlPolicy(TtlPolicy.Mode.KEEP, false, 0, Long.MAX_VALUE));
    }
}
