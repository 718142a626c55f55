package org.redisbackup.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.redisbackup.task.LimitChange;
import org.redisbackup.task.TaskService;
import org.redisbackup.task.TaskState;
import org.redisbackup.task.TaskStatus;

/**
 * The operations that change tasks, named as in the OpenAPI document. Every method throws {@link ApiException} for a
 * request that is answered with an error.
 */
public final class TaskControl {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Requests that may wait for a stop at once, each on a thread of the HTTP server. */
    private static final int WAITING = 8;

    private static final Set<String> RESUME_MODES = Set.of("auto", "manual");

    private final TaskService tasks;
    private final TaskViews views;
    private final Semaphore waiting = new Semaphore(WAITING);

    public TaskControl(TaskService tasks, TaskViews views) {
        this.tasks = tasks;
        this.views = views;
    }

    /** StopMigrationTask; a task that is being stopped or was stopped stays so. */
    public MigrationTaskDetail stop(String project, String taskId) {
        return views.detail(stopped(project, taskId));
    }

    private TaskState stopped(String project, String taskId) {
        TaskState state = tasks.stop(project, Identifiers.task(taskId))
                .orElseThrow(() -> new ApiException(ErrorCode.UNKNOWN_TASK));
        if (state.status() == TaskStatus.SUCCESS || state.status() == TaskStatus.FAILED) {
            throw new ApiException(ErrorCode.WRONG_STATE);
        }
        return state;
    }

    /** StopMigrationTaskSync: waits up to a minute until the task is at rest. */
    public void stopAndWait(String project, String taskId) throws InterruptedException {
        stopped(project, taskId);
        if (!waiting.tryAcquire()) {
            throw new ApiException(ApiError.of(ErrorCode.TOO_MANY_REQUESTS, "too many requests wait for a stop"));
        }
        try {
            Optional<TaskState> end = tasks.awaitFinished(project, taskId, PATIENCE);
            if (end.isPresent() && !end.get().status().isFinished()) {
                throw new ApiException(ApiError.of(ErrorCode.NOT_NOW, "the task has not come to rest in a minute"));
            }
        } finally {
            waiting.release();
        }
    }

    /** BatchStopMigrationTasks. */
    public BatchResponse batchStop(String project, byte[] body) {
        List<BatchResponse.Result> results =
                BatchRequest.read(body).stream().map(id -> stopOne(project, id)).toList();
        String unknown = ErrorCode.UNKNOWN_TASK.code();
        if (results.stream().allMatch(result -> unknown.equals(result.errorCode()))) {
            throw new ApiException(ErrorCode.UNKNOWN_TASKS);
        }
        return new BatchResponse(results);
    }

    private BatchResponse.Result stopOne(String project, String id) {
        Optional<TaskState> state = Identifiers.isTask(id) ? tasks.stop(project, id) : Optional.empty();
        if (state.isEmpty()) {
            return BatchResponse.Result.failed(id, ErrorCode.UNKNOWN_TASK);
        }
        return switch (state.get().status()) {
            case SUCCESS, FAILED -> BatchResponse.Result.failed(id, ErrorCode.WRONG_STATE);
            case MIGRATING, TERMINATING, TERMINATED -> BatchResponse.Result.success(id);
        };
    }

    /** DeleteMigrationTask: all or, when one has not finished, none. Unknown ids count as deleted. */
    public DeleteRequest delete(String project, byte[] body) {
        DeleteRequest request = DeleteRequest.read(body);
        List<String> known =
                request.taskIds().stream().filter(Identifiers::isTask).toList();
        if (!tasks.delete(project, known)) {
            throw new ApiException(ErrorCode.WRONG_STATE);
        }
        return request;
    }

    /** UpdateMigrationTask: limits of an import that runs; or how an online migration resumes, which an import does not. */
    public MigrationTaskDetail update(String project, String taskId, byte[] body) {
        Identifiers.task(taskId);
        UpdateRequest request = ApiJson.read(body, UpdateRequest.class);
        if (request.resumeMode() != null || request.importOptions() == null) {
            throw noResuming(project, taskId, request.resumeMode());
        }
        TaskState state = tasks.limit(project, taskId, change(request))
                .orElseThrow(() -> new ApiException(ErrorCode.UNKNOWN_TASK));
        if (state.status() != TaskStatus.MIGRATING) {
            throw new ApiException(ErrorCode.WRONG_STATE);
        }
        return views.detail(state);
    }

    private ApiException noResuming(String project, String taskId, String mode) {
        if (mode == null || !RESUME_MODES.contains(mode)) {
            return new ApiException(ApiError.invalidField("resume_mode", "expected auto or manual"));
        }
        boolean known = tasks.find(project, taskId).isPresent();
        return new ApiException(known ? ErrorCode.WRONG_STATE : ErrorCode.UNKNOWN_TASK);
    }

    private static LimitChange change(UpdateRequest request) {
        try {
            return LimitChange.of(request.importOptions());
        } catch (IllegalArgumentException e) {
            throw new ApiException(ApiError.invalidField("import_options", e.getMessage()));
        }
    }

    /** BatchRestartOnlineMigrationTasks: there are none here. */
    public BatchResponse batchRestart(byte[] body) {
        return new BatchResponse(BatchRequest.read(body).stream()
                .map(id -> BatchResponse.Result.failed(id, ErrorCode.WRONG_STATE))
                .toList());
    }
}
