package org.redisbackup.api;

import java.io.IOException;
import java.util.Optional;
import org.redisbackup.task.AddressRefusedException;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.BackupRecord;
import org.redisbackup.task.BackupRecords;
import org.redisbackup.task.ImportOptions;
import org.redisbackup.task.ImportRun;
import org.redisbackup.task.ImportTask;
import org.redisbackup.task.Instance;
import org.redisbackup.task.InstanceHealth;
import org.redisbackup.task.LogPage;
import org.redisbackup.task.RequestedBackup;
import org.redisbackup.task.TargetHealth;
import org.redisbackup.task.Targets;
import org.redisbackup.task.TaskEvent;
import org.redisbackup.task.TaskLimitException;
import org.redisbackup.task.TaskPage;
import org.redisbackup.task.TaskService;
import org.redisbackup.task.TaskState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations that create and show tasks, named as in the OpenAPI document. Every method throws {@link ApiException}
 * for a request that is answered with an error.
 */
public final class MigrationApi {
    private static final Logger LOG = LoggerFactory.getLogger(MigrationApi.class);

    private final TaskService tasks;
    private final TaskViews views;
    private final CreateRequestRules rules;
    private final Targets targets;
    private final InstanceHealth health;
    private final BackupRecords backups;

    public MigrationApi(
            TaskService tasks,
            TaskViews views,
            AllowedBuckets buckets,
            Targets targets,
            InstanceHealth health,
            BackupRecords backups) {
        this.tasks = tasks;
        this.views = views;
        this.targets = targets;
        this.health = health;
        this.backups = backups;
        rules = new CreateRequestRules(buckets);
    }

    /** CreateMigrationTask: keeps the task; whoever called runs it. */
    public ImportRun create(String project, byte[] body) {
        CreateMigrationTaskRequest request = ApiJson.read(body, CreateMigrationTaskRequest.class);
        ImportOptions options = rules.check(request);
        CreateMigrationTaskRequest.TargetInstance named = request.targetInstance();
        Instance target = target(project, named);
        RequestedBackup backup;
        if (options.retryOf() == null) {
            backup = requested(project, request.backupFiles());
        } else {
            ImportTask first = retried(project, options.retryOf());
            options = rules.retrying(first, request);
            backup = RequestedBackup.retrying(first);
        }
        String password = emptyAsNull(named.password());
        ImportTask task = ImportTask.create(
                project,
                request.taskName(),
                request.description(),
                request.migrationMethod(),
                request.networkType(),
                backup,
                named.id(),
                named.address(),
                requireReady(target, password),
                options);
        try {
            return tasks.create(task, target, password);
        } catch (TaskLimitException e) {
            throw new ApiException(ApiError.of(
                    e.limit() == TaskLimitException.Limit.TARGET ? ErrorCode.TARGET_BUSY : ErrorCode.TOO_MANY_TASKS,
                    e.getMessage()));
        }
    }

    private Instance target(String project, CreateMigrationTaskRequest.TargetInstance named) {
        try {
            return targets.find(project, named.id(), named.address())
                    .orElseThrow(() -> new ApiException(ErrorCode.UNKNOWN_INSTANCE));
        } catch (AddressRefusedException e) {
            throw new ApiException(ApiError.invalidField(named.addressField(), e.getMessage()));
        }
    }

    private ImportTask retried(String project, String id) {
        try {
            return tasks.retried(project, id).task();
        } catch (IllegalArgumentException e) {
            throw CreateRequestRules.invalidOptions(e);
        }
    }

    private RequestedBackup requested(String project, CreateMigrationTaskRequest.BackupFiles backup) {
        return backup.isRecord() ? record(project, backup.backupId()) : CreateRequestRules.requested(backup);
    }

    private RequestedBackup record(String project, String id) {
        try {
            return backups.find(project, id)
                    .map(BackupRecord::requested)
                    .orElseThrow(() -> new ApiException(
                            ApiError.of(ErrorCode.BACKUP_RECORD_UNUSABLE, "there is no such backup record")));
        } catch (IOException e) {
            throw new ApiException(ApiError.of(ErrorCode.BACKUP_RECORD_UNUSABLE, e.getMessage()));
        }
    }

    /** @return the version of its engine, or null when it does not tell */
    private String requireReady(Instance target, String password) {
        TargetHealth now = health.now(target, password);
        switch (now.state()) {
            case RUNNING -> {}
            case NOT_READY -> throw new ApiException(ErrorCode.NOT_NOW);
            case UNREACHABLE ->
                throw new ApiException(
                        ApiError.of(ErrorCode.NOT_RUNNING, "nothing answers at " + target.address() + " like a Redis"));
            case PASSWORD_MISSING -> throw new ApiException(ErrorCode.PASSWORD_MISSING);
            case PASSWORD_WRONG -> throw new ApiException(ErrorCode.PASSWORD_WRONG);
        }
        return now.version();
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
        QueryParameters wanted = new QueryParameters(query);
        TaskPage page = tasks.list(project, wanted.text("name"), wanted.offset(), wanted.limit());
        return new ListMigrationTaskResponse(
                page.total(), page.tasks().stream().map(views::summary).toList());
    }

    /** ShowMigrationTask. */
    public MigrationTaskDetail show(String project, String taskId) {
        return known(tasks.find(project, Identifiers.task(taskId)).map(views::detail));
    }

    /** ShowMigrationTaskStats. */
    public MigrationTaskStats stats(String project, String taskId) {
        return known(tasks.stats(project, Identifiers.task(taskId)).map(MigrationTaskStats::of));
    }

    /** ShowMigrationTaskReport. */
    public MigrationTaskReport report(String project, String taskId) {
        return known(
                tasks.reports(project, Identifiers.task(taskId)).map(files -> new MigrationTaskReport(taskId, files)));
    }

    /**
     * ShowMigrationTaskLedger.
     *
     * @param query as in the URL, or null
     */
    public MigrationTaskLedger ledger(String project, String taskId, String query) {
        Identifiers.task(taskId);
        QueryParameters wanted = new QueryParameters(query);
        int offset = wanted.offset();
        int limit = wanted.limit();
        return known(
                tasks.ledger(project, taskId).map(summary -> MigrationTaskLedger.of(taskId, summary, offset, limit)));
    }

    /** ListMigrationTaskLogs. */
    public ListMigrationTaskLogsResponse logs(String project, String taskId, String query) {
        Identifiers.task(taskId);
        QueryParameters wanted = new QueryParameters(query);
        TaskEvent.Level level = wanted.oneOf("log_level", TaskEvent.Level.class);
        Optional<LogPage> page = tasks.logs(project, taskId, level, wanted.offset(), wanted.limit());
        return known(page.map(ListMigrationTaskLogsResponse::of));
    }

    private static <T> T known(Optional<T> answer) {
        return answer.orElseThrow(() -> new ApiException(ErrorCode.UNKNOWN_TASK));
    }

    /** What is published of a task that has finished. */
    public SettledTask settled(TaskState state) {
        return new SettledTask(views.detail(state), MigrationTaskStats.of(tasks.stats(state)));
    }

    /** The answer to a request that failed. */
    public ApiError error(Throwable failure) {
        if (failure instanceof ApiException expected) {
            LOG.info("A request is refused: {}", expected.getMessage());
            return expected.error();
        }
        LOG.error("A request failed", failure);
        return ApiError.of(ErrorCode.INTERNAL);
    }
}
