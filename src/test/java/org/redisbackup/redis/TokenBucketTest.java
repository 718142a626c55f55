package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.SetClock;

class TokenBucketTest {
    private final SetClock clock = new SetClock("2024-01-01T00:00:00Z");
    private final TokenBucket bucket = new TokenBucket();

    private Duration waitAt(long perSecond) {
        return bucket.wait(perSecond, clock.instant());
    }

    @Test
    void whatWentThroughIsOwed() {
        assertThat(waitAt(100)).isZero();
        bucket.take(250);
        assertThat(waitAt(100)).isEqualTo(Duration.ofMillis(2500));
        clock.advance(Duration.ofSeconds(2));
        assertThat(waitAt(100)).isEqualTo(Duration.ofMillis(500));
        clock.advance(Duration.ofMillis(500));
        assertThat(waitAt(100)).isZero();
    }

    @Test
    void quietTimesAreNotSavedUp() {
        assertThat(waitAt(100)).isZero();
        clock.advance(Duration.ofHours(1));
        assertThat(waitAt(100)).isZero();
        bucket.take(100);
        assertThat(waitAt(100)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aNewRateHoldsForWhatIsOwed() {
        assertThat(waitAt(10)).isZero();
        bucket.take(1000);
        assertThat(waitAt(10)).isEqualTo(Duration.ofSeconds(100));
        clock.advance(Duration.ofSeconds(10));
        assertThat(waitAt(10)).isEqualTo(Duration.ofSeconds(90));
        assertThat(waitAt(900)).isEqualTo(Duration.ofSeconds(1));
        assertThat(waitAt(0)).as("no limit").isZero();
        assertThat(waitAt(10)).as("nothing is owed from the time without one").isZero();
    }

    @Test
    void aClockThatIsSetBackCostsNothing() {
        assertThat(waitAt(100)).isZero();
        bucket.take(100);
        clock.advance(Duration.ofHours(-1));
        assertThat(waitAt(100)).isEqualTo(Duration.ofSeconds(1));
        clock.advance(Duration.ofSeconds(1));
        assertThat(waitAt(100)).isZero();
    }
}
