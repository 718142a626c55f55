package org.redisbackup.api.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.SetClock;

class FailureCountsTest {
    private final SetClock clock = new SetClock("2026-11-24T12:00:00Z");
    private final FailureCounts counts = new FailureCounts(3, clock);

    @Test
    void theLimitHoldsForAMinute() {
        assertThat(counts.add("a")).isFalse();
        clock.advance(Duration.ofSeconds(50));
        assertThat(counts.add("a")).isFalse();
        assertThat(counts.isExhausted("a")).isFalse();
        assertThat(counts.add("a")).isTrue();
        assertThat(counts.isExhausted("a")).isTrue();
        assertThat(counts.isExhausted("b")).isFalse();
        clock.advance(Duration.ofSeconds(59));
        assertThat(counts.isExhausted("a")).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(counts.isExhausted("a")).isFalse();
        assertThat(counts.add("a")).isFalse();
    }

    @Test
    void failuresOfDifferentMinutesDoNotAddUp() {
        for (int minute = 0; minute < 5; minute++) {
            counts.add("a");
            counts.add("a");
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(counts.isExhausted("a")).isFalse();
    }

    @Test
    void whoSucceedsStartsAnew() {
        counts.add("a");
        counts.add("a");
        counts.forget("a");
        counts.add("a");
        counts.add("a");
        assertThat(counts.isExhausted("a")).isFalse();
    }

    @Test
    void theLeastRecentAreForgotten() {
        for (int i = 0; i < 3; i++) {
            counts.add("old");
            counts.add("recent");
        }
        for (int i = 0; i < FailureCounts.MOST - 1; i++) {
            counts.add("other " + i);
        }
        assertThat(counts.size()).isEqualTo(FailureCounts.MOST);
        assertThat(counts.isExhausted("old")).isFalse();
        assertThat(counts.isExhausted("recent")).isTrue();
    }
}
