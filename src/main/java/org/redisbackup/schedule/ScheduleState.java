package org.redisbackup.schedule;

import java.time.Instant;
import java.util.Map;

/**
 * Where a schedule stands. Everything may be null.
 *
 * @param clockwork {@link Schedule#clockwork} that the times are of
 * @param fired the run up to which all are dealt with
 * @param waiting a run that waits until the last import has finished
 * @param woken when something arrived in its bucket, not looked at yet
 * @param pausedAt when it was paused, if it is
 * @param claimed the run that an instance of the service is about to begin
 * @param owner of that claim
 * @param lastRun when it was last its turn
 * @param lastTask id of the last task that it created
 * @param lastResult what came of its last turn
 * @param lastMessage the same in a sentence
 */
public record ScheduleState(
        String clockwork,
        Instant fired,
        Instant waiting,
        Instant woken,
        Instant pausedAt,
        Instant claimed,
        String owner,
        Instant lastRun,
        String lastTask,
        RunResult lastResult,
        String lastMessage) {
    static ScheduleState of(Map<String, String> fields) {
        return new ScheduleState(
                fields.get("clockwork"),
                time(fields.get("fired")),
                time(fields.get("waiting")),
                time(fields.get("woken")),
                time(fields.get("paused")),
                time(fields.get("claimed")),
                fields.get("owner"),
                time(fields.get("last_run")),
                fields.get("last_task"),
                fields.containsKey("last_result") ? RunResult.valueOf(fields.get("last_result")) : null,
                fields.get("last_message"));
    }

    private static Instant time(String text) {
        return text == null ? null : Instant.parse(text);
    }

    /** Whether it fires at no time until it is resumed. */
    public boolean isPaused() {
        return pausedAt != null;
    }
}
