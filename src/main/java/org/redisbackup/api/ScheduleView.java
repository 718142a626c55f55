package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.redisbackup.schedule.Schedule;
import org.redisbackup.schedule.ScheduleDefinition;
import org.redisbackup.schedule.ScheduleState;

/**
 * A schedule in answers: its definition, what was left out in it being null, and where it stands.
 *
 * @param configured whether it is one of the configuration, which can't be changed
 * @param nextRunAt null when it is paused, or there is none
 * @param lastRunAt when it was last its turn, whatever came of it
 * @param lastTaskId of the last task that it created
 * @param lastResult what came of its last turn
 * @param lastMessage the same in a sentence
 */
record ScheduleView(
        @JsonProperty("name") String name,
        @JsonProperty("cron") String cron,
        @JsonProperty("time_zone") String timeZone,
        @JsonProperty("bucket") String bucket,
        @JsonProperty("prefix") String prefix,
        @JsonProperty("pattern") String pattern,
        @JsonProperty("select") String select,
        @JsonProperty("shards") Integer shards,
        @JsonProperty("target") String target,
        @JsonProperty("method") String method,
        @JsonProperty("import_options") Map<String, Object> importOptions,
        @JsonProperty("jitter") Integer jitter,
        @JsonProperty("missed") String missed,
        @JsonProperty("overlap") String overlap,
        @JsonProperty("configured") boolean configured,
        @JsonProperty("paused") boolean paused,
        @JsonProperty("next_run_at") String nextRunAt,
        @JsonProperty("last_run_at") String lastRunAt,
        @JsonProperty("last_task_id") String lastTaskId,
        @JsonProperty("last_result") String lastResult,
        @JsonProperty("last_message") String lastMessage) {

    static ScheduleView of(Schedule schedule, boolean configured, ScheduleState state, Instant now) {
        ScheduleDefinition defined = schedule.definition();
        Optional<Instant> next = state.isPaused() ? Optional.empty() : schedule.nextRun(now);
        return new ScheduleView(
                schedule.name(),
                defined.cron(),
                defined.timeZone(),
                defined.bucket(),
                defined.prefix(),
                defined.pattern(),
                defined.select(),
                defined.shards(),
                defined.target(),
                defined.method(),
                defined.importOptions(),
                defined.jitter(),
                defined.missed(),
                defined.overlap(),
                configured,
                state.isPaused(),
                ApiTime.of(next.orElse(null)),
                ApiTime.of(state.lastRun()),
                state.lastTask(),
                state.lastResult() == null ? null : state.lastResult().name().toLowerCase(Locale.ROOT),
                state.lastMessage());
    }
}
