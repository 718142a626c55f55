package org.redisbackup.schedule;

import java.time.Instant;

/**
 * A run of a schedule that this instance of the service has claimed, and no other.
 *
 * @param planned time of the run, whose jitter plays no part
 * @param since the first of the times that it stands for, not later than {@code planned}
 */
public record DueRun(Schedule schedule, Instant planned, Instant since, Cause cause) {
    /** Why it is due. */
    enum Cause {
        /** Its time has come. */
        CLOCK,
        /** Its time has passed without a service, and it is only to be said so. */
        MISSED,
        /** What it waited for has ended. */
        WAITED,
        /** Something arrived in its bucket. */
        EVENT,
        /** Somebody asked for it. */
        ASKED
    }

    static DueRun at(Schedule schedule, Instant planned, Cause cause) {
        return new DueRun(schedule, planned, planned, cause);
    }

    String taskId() {
        return schedule.taskOf(planned);
    }
}
