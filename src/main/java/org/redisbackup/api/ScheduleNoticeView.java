package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;
import org.redisbackup.schedule.ScheduleNotice;

/** What is published of a scheduled import that did not run or did not succeed; its fields are those of the notice. */
record ScheduleNoticeView(
        @JsonProperty("project_id") String projectId,
        @JsonProperty("schedule") String schedule,
        @JsonProperty("result") String result,
        @JsonProperty("planned_at") String plannedAt,
        @JsonProperty("message") String message,
        @JsonProperty("task_id") String taskId) {
    static ScheduleNoticeView of(ScheduleNotice notice) {
        return new ScheduleNoticeView(
                notice.project(),
                notice.schedule(),
                notice.result().name().toLowerCase(Locale.ROOT),
                ApiTime.of(notice.planned()),
                notice.message(),
                notice.taskId());
    }
}
