package org.redisbackup.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.redisbackup.task.TaskService;
import org.redisbackup.task.TaskState;
import org.redisbackup.task.TaskStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to what schedules began and what has ended since, in whichever instance of the service: what was imported counts as
 * imported, and what was not is told.
 */
public final class EndedImports {
    private static final Logger LOG = LoggerFactory.getLogger(EndedImports.class);

    private final ScheduleStore store;
    private final TaskService tasks;

    public EndedImports(ScheduleStore store, TaskService tasks) {
        this.store = store;
        this.tasks = tasks;
    }

    /**
     * Settles all tasks that have ended; to be called every second.
     *
     * @return those that did not succeed
     */
    public List<ScheduleNotice> settle() {
        List<ScheduleNotice> notices = new ArrayList<>();
        for (Map.Entry<String, ScheduledTask> each : store.unsettled().entrySet()) {
            String id = each.getKey();
            ScheduledTask task = each.getValue();
            Optional<TaskState> state = tasks.find(task.project(), id);
            if (state.isPresent() && !state.get().status().isFinished()) {
                continue;
            }
            boolean succeeded =
                    state.filter(end -> end.status() == TaskStatus.SUCCESS).isPresent();
            if (succeeded) {
                store.addImported(task);
            }
            if (store.settle(id) && !succeeded) {
                notices.add(notice(id, task, state));
            }
        }
        return notices;
    }

    private static ScheduleNotice notice(String id, ScheduledTask task, Optional<TaskState> state) {
        String end = state.map(EndedImports::end).orElse("was deleted before its end was seen");
        LOG.warn("Schedule {}: task {} {}", task.schedule(), id, end);
        return new ScheduleNotice(
                task.project(), task.schedule(), RunResult.FAILED, task.planned(), "task " + id + " " + end, id);
    }

    private static String end(TaskState state) {
        return state.status() == TaskStatus.TERMINATED ? "was stopped" : "failed: " + state.error();
    }
}
