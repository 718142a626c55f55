package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.redisbackup.schedule.ScheduleDefinition;

/** Body of CreateMigrationSchedule and, without a name, of UpdateMigrationSchedule, as sent: nothing is checked yet. */
record ScheduleRequest(
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
        @JsonProperty("overlap") String overlap) {

    ScheduleDefinition definition() {
        return new ScheduleDefinition(
                cron,
                timeZone,
                bucket,
                prefix,
                pattern,
                select,
                shards,
                target,
                method,
                importOptions,
                jitter,
                missed,
                overlap);
    }
}
