package org.redisbackup.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.redisbackup.support.SetClock;

class TimeShareTest {
    private final SetClock clock = new SetClock("2024-01-01T00:00:00Z");
    private final TimeShare share = new TimeShare();

    private void periodWithAnswers(boolean... inTime) {
        clock.advance(Duration.ofMillis(100));
        for (boolean each : inTime) {
            share.answered(each, clock.instant());
        }
    }

    private Duration gapAfter(Duration inFlight) {
        share.settled(inFlight, clock.instant());
        return share.wait(clock.instant());
    }

    @Test
    void nothingIsHeldBackAtFirst() {
        assertThat(share.isWhole()).isTrue();
        assertThat(gapAfter(Duration.ofSeconds(5))).isZero();
        periodWithAnswers(true);
        assertThat(share.isWhole()).isTrue();
    }

    @Test
    void isHalvedWhenAnAnswerIsLate() {
        periodWithAnswers(false);
        assertThat(share.isWhole()).isFalse();
        assertThat(gapAfter(Duration.ofMillis(10))).isEqualTo(Duration.ofMillis(10));
        periodWithAnswers(false);
        assertThat(gapAfter(Duration.ofMillis(10))).isEqualTo(Duration.ofMillis(30));
        clock.advance(Duration.ofMillis(20));
        assertThat(share.wait(clock.instant())).isEqualTo(Duration.ofMillis(10));
        clock.advance(Duration.ofMillis(10));
        assertThat(share.wait(clock.instant())).isZero();
    }

    @Test
    void changesOnceInAPeriodAndOneLateAnswerOfItCounts() {
        periodWithAnswers(false, false, false, true);
        assertThat(gapAfter(Duration.ofMillis(10))).isEqualTo(Duration.ofMillis(10));
        periodWithAnswers(true); // of this period none was in time but the one that ends it
        assertThat(gapAfter(Duration.ofMillis(10))).isEqualTo(Duration.ofMillis(30));
    }

    @Test
    void growsAgainToTheWhole() {
        periodWithAnswers(false);
        int periods = 0;
        while (!share.isWhole()) {
            periodWithAnswers(true);
            periods++;
        }
        assertThat(periods).isEqualTo(32);
        assertThat(gapAfter(Duration.ofMillis(10))).isZero();
    }

    @Test
    void neverGetsSoSmallThatNothingGoes() {
        for (int i = 0; i < 100; i++) {
            periodWithAnswers(false);
        }
        assertThat(share.isLeast()).isTrue();
        assertThat(gapAfter(Duration.ofMillis(1))).isEqualTo(Duration.ofMillis(255));
        assertThat(gapAfter(Duration.ofHours(1))).isEqualTo(Duration.ofSeconds(1));
        periodWithAnswers(true);
        assertThat(share.isLeast()).isFalse();
    }

    @Test
    void isWholeAtOnceWhenNobodyCares() {
        periodWithAnswers(false);
        assertThat(gapAfter(Duration.ofMillis(10))).isPositive();
        share.restore();
        assertThat(share.wait(clock.instant())).isZero();
        assertThat(share.isWhole()).isTrue();
    }
}
