package org.redisbackup.schedule;

import java.text.ParseException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.util.Date;
import java.util.Optional;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.quartz.CronExpression;

/**
 * When a schedule fires: a Quartz cron expression on the wall clock of a time zone, or at no time.
 *
 * <p>A time that a change to summer time leaves out comes as much later as the clocks jump (2:30 becomes 3:30), one that
 * the change back brings twice counts the first time. Quartz would drop the former and be undecided about the latter, so
 * it sees a clock without jumps, and the rules of the zone are applied here.
 */
final class Timetable {
    private final CronExpression cron;
    private final ZoneId zone;

    private Timetable(CronExpression cron, ZoneId zone) {
        this.cron = cron;
        this.zone = zone;
    }

    /** Fires at no time. */
    static Timetable empty() {
        return new Timetable(null, ZoneOffset.UTC);
    }

    /** @throws ParseException when it is no Quartz expression */
    static Timetable parse(String cron, ZoneId zone) throws ParseException {
        CronExpression expression = new CronExpression(cron);
        expression.setTimeZone(TimeZone.getTimeZone(ZoneOffset.UTC));
        return new Timetable(expression, zone);
    }

    /** The first time to fire later than that, or empty when there is none. */
    Optional<Instant> next(Instant after) {
        if (cron == null) {
            return Optional.empty();
        }
        LocalDateTime wall = LocalDateTime.ofInstant(after, zone);
        return Stream.concat(
                        Stream.of(wall), leftOutBefore(after, wall).stream().map(start -> start.minusSeconds(1)))
                .flatMap(from -> firstAfter(after, from).stream())
                .min(Instant::compareTo);
    }

    /** Where the left out times begin that count as those that come now. */
    private Optional<LocalDateTime> leftOutBefore(Instant after, LocalDateTime wall) {
        ZoneOffsetTransition change = zone.getRules().previousTransition(after.plusNanos(1));
        return change != null
                        && change.isGap()
                        && wall.isBefore(change.getDateTimeAfter().plus(change.getDuration()))
                ? Optional.of(change.getDateTimeBefore())
                : Optional.empty();
    }

    private Optional<Instant> firstAfter(Instant after, LocalDateTime from) {
        Date wall = Date.from(from.toInstant(ZoneOffset.UTC));
        while ((wall = cron.getTimeAfter(wall)) != null) {
            Instant time = LocalDateTime.ofInstant(wall.toInstant(), ZoneOffset.UTC)
                    .atZone(zone)
                    .toInstant();
            if (time.isAfter(after)) {
                return Optional.of(time);
            }
        }
        return Optional.empty();
    }

    /** The last time to fire that is later than {@code after}, but not than {@code until}; empty when there is none. */
    Optional<Instant> last(Instant after, Instant until) {
        if (!firesWithin(after, until)) {
            return Optional.empty();
        }
        Instant low = after; // fires between it and until; there may be millions of times, so they are not gone through
        Instant high = until;
        while (ChronoUnit.SECONDS.between(low, high) > 1) {
            Instant middle = low.plusSeconds(ChronoUnit.SECONDS.between(low, high) / 2);
            if (firesWithin(middle, until)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Optional<Instant> last = next(low);
        while (firesWithin(last.orElseThrow(), until)) {
            last = next(last.orElseThrow());
        }
        return last;
    }

    private boolean firesWithin(Instant after, Instant until) {
        return next(after).filter(time -> !time.isAfter(until)).isPresent();
    }
}
