package org.redisbackup.schedule;

import java.time.Instant;
import org.redisbackup.task.ImportRun;

/**
 * What came of a run.
 *
 * @param message one sentence
 * @param run what is to be imported now, or null
 * @param notice what somebody should know, or null
 */
public record RunOutcome(RunResult result, String message, ImportRun run, ScheduleNotice notice) {
    static RunOutcome of(DueRun due, RunResult result, String message, ImportRun run) {
        Schedule schedule = due.schedule();
        Instant planned = due.planned();
        boolean told =
                switch (due.cause()) {
                    case ASKED -> false; // whoever asked is answered
                    case EVENT -> result != RunResult.NO_BACKUP; // what arrived may be a part that waits for others
                    default -> true;
                };
        ScheduleNotice notice = result.isTrouble() && told
                ? new ScheduleNotice(schedule.project(), schedule.name(), result, planned, message, null)
                : null;
        return new RunOutcome(result, message, run, notice);
    }
}
