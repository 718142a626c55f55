package org.redisbackup.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.ImportRun;
import org.redisbackup.task.ImportTask;
import org.redisbackup.task.Instance;
import org.redisbackup.task.Instances;
import org.redisbackup.task.TaskLimitException;
import org.redisbackup.task.TaskPage;
import org.redisbackup.task.TaskService;
import org.redisbackup.task.TaskState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of the API, named as in its OpenAPI document. Every method throws {@link ApiException} for a request
 * that is answered with an error.
 */
public final class MigrationApi {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationApi.class);
    private static final Pattern TASK_ID = Pattern.compile("[0-9a-fA-F-]{32,36}");
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final TaskService tasks;
    private final Instances instances;
    private final CreateRequestRules rules;

    public MigrationApi(TaskService tasks, Instances instances, AllowedBuckets buckets) {
        this.tasks = tasks;
        this.instances = instances;
        rules = new CreateRequestRules(buckets);
    }

    /** CreateMigrationTask: keeps the task; whoever called runs it. */
    public ImportRun create(String project, byte[] body) {
        CreateMigrationTaskRequest request = ApiJson.read(body, CreateMigrationTaskRequest.class);
        ImportTask task = rules.task(project, request);
        Instance instance =
                instances.find(task.targetId()).orElseThrow(() -> new ApiException(ErrorCode.UNKNOWN_INSTANCE));
        String password = request.targetInstance().password();
        try {
            return tasks.create(task, instance, emptyAsNull(password));
        } catch (TaskLimitException e) {
            throw new ApiException(ApiError.of(
                    e.limit() == TaskLimitException.Limit.TARGET ? ErrorCode.TARGET_BUSY : ErrorCode.TOO_MANY_TASKS,
                    e.getMessage()));
        }
    }

    private static String emptyAsNull(String password) {
        return password == null || password.isEmpty() ? null : password;
    }

    /** The answer to the request that created the run. */
    public CreateMigrationTaskResponse created(ImportRun run) {
        return CreateMigrationTaskResponse.of(run.task());
    }

    /**
     * ListMigrationTask.
     *
     * @param query as in the URL, or null
     */
    public ListMigrationTaskResponse list(String project, String query) {
        TaskListQuery wanted = TaskListQuery.parse(query);
        TaskPage page = tasks.list(project, wanted.name(), wanted.offset(), wanted.limit());
        return new ListMigrationTaskResponse(
                page.total(), page.tasks().stream().map(this::summary).toList());
    }

    /** ShowMigrationTask. */
    public MigrationTaskDetail show(String project, String taskId) {
        return tasks.find(project, checked(taskId)).map(this::detail).orElseThrow(MigrationApi::unknownTask);
    }

    /** ShowMigrationTaskStats. */
    public MigrationTaskStats stats(String project, String taskId) {
        return tasks.stats(project, checked(taskId)).map(MigrationTaskStats::of).orElseThrow(MigrationApi::unknownTask);
    }

    /** What is published of a task that has finished. */
    public SettledTask settled(TaskState state) {
        return new SettledTask(detail(state), MigrationTaskStats.of(tasks.stats(state)));
    }

    /** The answer to a request that failed. */
    public ApiError error(Throwable failure) {
        if (failure instanceof ApiException expected) {
            return expected.error();
        }
        LOG.error("A request failed", failure);
        return ApiError.of(ErrorCode.INTERNAL);
    }

    private static String checked(String taskId) {
        if (!TASK_ID.matcher(taskId).matches()) {
            throw new ApiException(ErrorCode.INVALID_TASK_ID);
        }
        return taskId;
    }

    private static ApiException unknownTask() {
        return new ApiException(ErrorCode.UNKNOWN_TASK);
    }

    private MigrationTaskSummary summary(TaskState state) {
        ImportTask task = state.task();
        Optional<Instance> target = instances.find(task.targetId());
        return new MigrationTaskSummary(
                task.id(),
                task.name(),
                task.description(),
                state.status().name(),
                CreateRequestRules.IMPORT,
                task.method(),
                null,
                task.backup().bucket(),
                "",
                "",
                "",
                "",
                "",
                target.map(Instance::address).orElse(null),
                target.map(Instance::name).orElse(null),
                task.targetId(),
                null,
                null,
                null,
                time(task.created()),
                time(state.released()),
                state.error(),
                null,
                null,
                List.of());
    }

    private MigrationTaskDetail detail(TaskState state) {
        ImportTask task = state.task();
        return new MigrationTaskDetail(
                task.id(),
                task.name(),
                task.description(),
                state.status().name(),
                CreateRequestRules.IMPORT,
                task.method(),
                null,
                files(task),
                task.networkType(),
                null,
                target(task.targetId()),
                time(task.created()),
                time(state.updated()),
                time(state.released()),
                null,
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                state.error());
    }

    private static MigrationTaskDetail.BackupFiles files(ImportTask task) {
        return new MigrationTaskDetail.BackupFiles(
                CreateRequestRules.BUCKET,
                task.backup().bucket(),
                task.backup().files().stream()
                        .map(file -> new MigrationTaskDetail.File(file.name(), file.size(), file.updatedAt()))
                        .toList(),
                null,
                null);
    }

    private MigrationTaskDetail.TargetInstance target(String id) {
        Optional<Instance> target = instances.find(id);
        return new MigrationTaskDetail.TargetInstance(
                id,
                target.map(Instance::name).orElse(null),
                target.map(Instance::host).orElse(null),
                target.map(instance -> Integer.toString(instance.port())).orElse(null),
                target.map(Instance::address).orElse(null),
                null,
                null,
                null);
    }

    private static String time(Instant instant) {
        return instant == null ? null : MILLIS.format(instant);
    }
}
