package org.redisbackup.schedule;

/** A schedule that is refused because its project has too many. */
public final class ScheduleLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScheduleLimitException(int most) {
        super("a project may have " + most + " schedules");
    }
}
