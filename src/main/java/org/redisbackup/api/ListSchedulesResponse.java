package org.redisbackup.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Answer of ListMigrationSchedules.
 *
 * @param count of all schedules of the project, not only of this page
 */
record ListSchedulesResponse(
        @JsonProperty("count") int count, @JsonProperty("migration_schedules") List<ScheduleView> schedules) {}
