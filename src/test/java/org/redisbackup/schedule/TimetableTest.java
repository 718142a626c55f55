package org.redisbackup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimetableTest {
    private static final String DAILY = "0 30 2 * * ?";
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @Test
    void aTimeThatSummerTimeLeavesOutComesAsMuchLaterAsTheClocksJump() throws Exception {
        assertThat(times(DAILY, BERLIN, "2026-03-27T12:00:00Z", 3))
                .containsExactly("2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
        assertThat(times("0 0 2 * * ?", BERLIN, "2026-03-28T12:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z");
        assertThat(times("0 30 0 * * ?", ZoneId.of("America/Havana"), "2026-03-07T12:00:00Z", 2))
                .as("the clocks jump at midnight")
                .containsExactly("2026-03-08T05:30:00Z", "2026-03-09T04:30:00Z");
    }

    @Test
    void aTimeThatComesTwiceInAutumnCountsTheFirstTime() throws Exception {
        assertThat(times(DAILY, BERLIN, "2026-10-23T12:00:00Z", 3))
                .containsExactly("2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void timesThatFallTogetherInSpringAreOne() throws Exception {
        assertThat(times("0 0/30 2-3 * * ?", BERLIN, "2026-03-28T12:00:00Z", 3))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z", "2026-03-30T00:00:00Z");
        assertThat(times("0 10 3 * * ?", BERLIN, "2026-03-29T01:00:00Z", 1)).containsExactly("2026-03-29T01:10:00Z");
    }

    @ParameterizedTest
    @CsvSource({
        "0 0/10 * * * ?, 2026-03-28T20:00:00Z",
        "0 0/10 * * * ?, 2026-10-24T20:00:00Z",
        "0 15 1-4 * * ?, 2026-03-28T20:00:00Z",
        "0 15 1-4 * * ?, 2026-10-24T20:00:00Z",
        "'0 10,30 2-3 * * ?', 2026-03-28T20:00:00Z"
    })
    void noTimeComesBeforeAnEarlierOne(String cron, String from) throws Exception {
        Timetable timetable = Timetable.parse(cron, BERLIN);
        Instant end = Instant.parse(from).plus(Duration.ofHours(12));
        Instant before = Instant.MIN;
        List<Instant> asked = new ArrayList<>();
        for (Instant now = Instant.parse(from); now.isBefore(end); now = now.plusSeconds(61)) {
            Instant next = timetable.next(now).orElseThrow();
            assertThat(next).isAfter(now).isAfterOrEqualTo(before);
            if (!next.equals(before)) {
                asked.add(next);
            }
            before = next;
        }
        List<Instant> walked = new ArrayList<>(List.of(asked.get(0)));
        while (walked.size() < asked.size()) {
            walked.add(timetable.next(walked.get(walked.size() - 1)).orElseThrow());
        }
        assertThat(walked).isEqualTo(asked);
    }

    @Test
    void theLastOfManyTimesIsFound() throws Exception {
        Timetable everySecond = Timetable.parse("* * * * * ?", BERLIN);
        Instant start = Instant.parse("2016-01-01T00:00:00Z");
        Instant end = Instant.parse("2026-01-01T00:00:00.5Z");
        assertThat(everySecond.last(start, end)).contains(Instant.parse("2026-01-01T00:00:00Z"));
        Timetable daily = Timetable.parse(DAILY, BERLIN);
        assertThat(daily.last(start, end)).contains(Instant.parse("2025-12-31T01:30:00Z"));
        assertThat(daily.last(end, end)).isEmpty();
        Instant fire = Instant.parse("2025-12-31T01:30:00Z");
        assertThat(daily.last(fire.minusSeconds(1), fire)).contains(fire);
        assertThat(daily.last(fire, fire.plusSeconds(1))).isEmpty();
    }

    @Test
    void aTimetableMayComeToItsEnd() throws Exception {
        Timetable past = Timetable.parse("0 0 0 1 1 ? 2020", BERLIN);
        assertThat(past.next(Instant.parse("2026-01-01T00:00:00Z"))).isEmpty();
    }

    private static List<String> times(String cron, ZoneId zone, String from, int count) throws Exception {
        Timetable timetable = Timetable.parse(cron, zone);
        List<String> times = new ArrayList<>();
        Optional<Instant> time = Optional.of(Instant.parse(from));
        for (int i = 0; i < count; i++) {
            time = timetable.next(time.orElseThrow());
            times.add(time.orElseThrow().toString());
        }
        return times;
    }
}
