package org.redisbackup.api;

import java.time.InstantSource;
import java.util.List;
import org.redisbackup.schedule.InvalidScheduleException;
import org.redisbackup.schedule.RunOutcome;
import org.redisbackup.schedule.RunResult;
import org.redisbackup.schedule.Schedule;
import org.redisbackup.schedule.ScheduleLimitException;
import org.redisbackup.schedule.ScheduleNotice;
import org.redisbackup.schedule.ScheduledImports;
import org.redisbackup.schedule.Schedules;
import org.redisbackup.task.ImportRun;

/**
 * The operations on schedules, named as in the OpenAPI document. Every method throws {@link ApiException} for a request
 * that is answered with an error.
 */
public final class SchedulesApi {
    private final Schedules schedules;
    private final ScheduledImports imports;
    private final InstantSource clock;

    public SchedulesApi(Schedules schedules, ScheduledImports imports, InstantSource clock) {
        this.schedules = schedules;
        this.imports = imports;
        this.clock = clock;
    }

    /**
     * ListMigrationSchedules, sorted by name.
     *
     * @param query as in the URL, or null
     */
    public ListSchedulesResponse list(String project, String query) {
        QueryParameters wanted = new QueryParameters(query);
        int offset = wanted.offset();
        int limit = wanted.limit();
        List<Schedule> all = schedules.of(project);
        return new ListSchedulesResponse(
                all.size(),
                all.stream().skip(offset).limit(limit).map(this::view).toList());
    }

    /** CreateMigrationSchedule. */
    public ScheduleView create(String project, byte[] body) {
        ScheduleRequest request = ApiJson.read(body, ScheduleRequest.class);
        try {
            return view(schedules.create(project, request.name(), request.definition()));
        } catch (InvalidScheduleException e) {
            throw new ApiException(ApiError.invalidField(e.field(), e.getMessage()));
        } catch (ScheduleLimitException e) {
            throw new ApiException(ApiError.of(ErrorCode.TOO_MANY_TASKS, e.getMessage()));
        }
    }

    /** ShowMigrationSchedule. */
    public ScheduleView show(String project, String name) {
        return view(known(project, name));
    }

    /** UpdateMigrationSchedule: what the body leaves out is as if it had never been there. */
    public ScheduleView update(String project, String name, byte[] body) {
        ScheduleRequest request = ApiJson.read(body, ScheduleRequest.class);
        Schedule schedule = changeable(project, name);
        try {
            return view(schedules.replace(schedule, request.definition()));
        } catch (InvalidScheduleException e) {
            throw new ApiException(ApiError.invalidField(e.field(), e.getMessage()));
        }
    }

    /** DeleteMigrationSchedule: its tasks stay. */
    public void delete(String project, String name) {
        schedules.delete(changeable(project, name));
    }

    /** PauseMigrationSchedule; one that is paused stays so. */
    public ScheduleView pause(String project, String name) {
        Schedule schedule = known(project, name);
        schedules.pause(schedule);
        return view(schedule);
    }

    /** ResumeMigrationSchedule; one that is not paused stays so. */
    public ScheduleView resume(String project, String name) {
        Schedule schedule = known(project, name);
        schedules.resume(schedule);
        return view(schedule);
    }

    /** RunMigrationSchedule: keeps the task; whoever called runs it. */
    public ImportRun run(String project, String name) {
        Schedule schedule = known(project, name);
        RunOutcome outcome = imports.runNow(schedule)
                .filter(began -> began.result() != RunResult.STARTED || began.run() != null)
                .orElseThrow(() ->
                        new ApiException(ApiError.of(ErrorCode.WRONG_STATE, "another run of it is about to begin")));
        ErrorCode error =
                switch (outcome.result()) {
                    case STARTED -> null;
                    case UNCHANGED -> ErrorCode.WRONG_STATE;
                    case QUEUED, OVERLAP -> ErrorCode.TARGET_BUSY;
                    case MISSED, FAILED -> ErrorCode.NOT_NOW;
                    case NO_BACKUP -> ErrorCode.BACKUP_RECORD_UNUSABLE;
                };
        if (error != null) {
            throw new ApiException(ApiError.of(error, outcome.message()));
        }
        return outcome.run();
    }

    /** What is published of a scheduled import that did not run or did not succeed. */
    public ScheduleNoticeView notice(ScheduleNotice notice) {
        return ScheduleNoticeView.of(notice);
    }

    private Schedule known(String project, String name) {
        return schedules
                .find(project, name)
                .orElseThrow(() ->
                        new ApiException(ApiError.of(ErrorCode.UNKNOWN_TASK, "there is no schedule of this name")));
    }

    private Schedule changeable(String project, String name) {
        Schedule schedule = known(project, name);
        if (schedules.isConfigured(schedule)) {
            throw new ApiException(
                    ApiError.of(ErrorCode.WRONG_STATE, "it is a schedule of the configuration: change it there"));
        }
        return schedule;
    }

    private ScheduleView view(Schedule schedule) {
        return ScheduleView.of(schedule, schedules.isConfigured(schedule), schedules.state(schedule), clock.instant());
    }
}
