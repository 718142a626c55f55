package org.redisbackup.api;

import java.util.List;
import java.util.Optional;
import org.redisbackup.task.ImportTask;
import org.redisbackup.task.Instance;
import org.redisbackup.task.Instances;
import org.redisbackup.task.RequestedBackup;
import org.redisbackup.task.TaskState;

/** Tasks as answers show them. */
public final class TaskViews {
    private final Instances instances;

    public TaskViews(Instances instances) {
        this.instances = instances;
    }

    MigrationTaskSummary summary(TaskState state) {
        ImportTask task = state.task();
        RequestedBackup backup = task.backup();
        Optional<Instance> source = instances.find(backup.sourceId());
        MigrationTaskDetail.InstanceView target = target(task);
        return new MigrationTaskSummary(
                task.id(),
                task.name(),
                task.description(),
                state.status().name(),
                CreateRequestRules.IMPORT,
                task.method(),
                null,
                source.map(Instance::address).orElse(backup.bucket()),
                source.map(Instance::name).orElse(""),
                backup.sourceId() == null ? "" : backup.sourceId(),
                "",
                "",
                "",
                target.addrs(),
                target.name(),
                task.targetId(),
                null,
                null,
                null,
                ApiTime.of(task.created()),
                ApiTime.of(state.released()),
                state.error(),
                task.targetVersion(),
                null,
                List.of());
    }

    MigrationTaskDetail detail(TaskState state) {
        ImportTask task = state.task();
        return new MigrationTaskDetail(
                task.id(),
                task.name(),
                task.description(),
                state.status().name(),
                CreateRequestRules.IMPORT,
                task.method(),
                null,
                backup(task.backup()),
                task.networkType(),
                instances.find(task.backup().sourceId()).map(TaskViews::view).orElse(null),
                target(task),
                ApiTime.of(task.created()),
                ApiTime.of(state.updated()),
                ApiTime.of(state.released()),
                task.targetVersion(),
                null,
                List.of(),
                null,
                null,
                null,
                null,
                null,
                state.error());
    }

    /** As the request named it. */
    private static MigrationTaskDetail.BackupFiles backup(RequestedBackup backup) {
        String record = backup.recordId();
        if (record != null) {
            return new MigrationTaskDetail.BackupFiles(
                    CreateRequestRules.RECORD, null, null, record, new MigrationTaskDetail.BackupRecord(record));
        }
        return new MigrationTaskDetail.BackupFiles(
                CreateRequestRules.BUCKET,
                backup.bucket(),
                backup.files().stream()
                        .map(file -> new MigrationTaskDetail.File(file.name(), file.size(), file.updatedAt()))
                        .toList(),
                null,
                null);
    }

    private MigrationTaskDetail.InstanceView target(ImportTask task) {
        return instances.find(task.targetId()).map(TaskViews::view).orElseGet(() -> unregistered(task));
    }

    private static MigrationTaskDetail.InstanceView view(Instance instance) {
        return new MigrationTaskDetail.InstanceView(
                instance.id(),
                instance.name(),
                instance.host(),
                Integer.toString(instance.port()),
                instance.address(),
                null,
                null,
                null);
    }

    /** One that the request named by its address, or that was registered once. */
    private static MigrationTaskDetail.InstanceView unregistered(ImportTask task) {
        String address = task.targetAddress();
        return new MigrationTaskDetail.InstanceView(task.targetId(), address, null, null, address, null, null, null);
    }
}
