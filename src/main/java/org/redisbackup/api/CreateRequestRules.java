package org.redisbackup.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.ImportTask;
import org.redisbackup.task.RequestedBackup;
import org.redisbackup.task.RequestedFile;

/** Turns the body of CreateMigrationTask into a task, or says what is wrong with it: the first thing, in field order. */
final class CreateRequestRules {
    static final String IMPORT = "backupfile_import";
    static final String BUCKET = "self_build_obs";

    private static final String BACKUP_RECORD = "backup_record";
    private static final Set<String> METHODS = Set.of("full_amount_migration", "incremental_migration");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{3,63}");
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final int MAX_DESCRIPTION = 1024;
    private static final int MAX_KEY_BYTES = 1024; // of S3

    private final AllowedBuckets buckets;

    CreateRequestRules(AllowedBuckets buckets) {
        this.buckets = buckets;
    }

    /** @throws ApiException when the contract does not allow the request */
    ImportTask task(String project, CreateMigrationTaskRequest request) {
        require(
                matches(NAME, request.taskName()),
                "task_name",
                "expected a letter and 3 to 63 letters, digits, '-' or '_'");
        if (request.description() != null && request.description().length() > MAX_DESCRIPTION) {
            throw new ApiException(ErrorCode.LONG_DESCRIPTION);
        }
        require(IMPORT.equals(request.migrationType()), "migration_type", "expected " + IMPORT);
        require(
                request.migrationMethod() != null && METHODS.contains(request.migrationMethod()),
                "migration_method",
                "expected full_amount_migration or incremental_migration");
        List<RequestedFile> files = files(request.backupFiles());
        return ImportTask.create(
                project,
                request.taskName(),
                request.description(),
                request.migrationMethod(),
                request.networkType(),
                RequestedBackup.ofFiles(request.backupFiles().bucketName(), files),
                targetId(request.targetInstance()),
                null);
    }

    private List<RequestedFile> files(CreateMigrationTaskRequest.BackupFiles backup) {
        require(backup != null, "backup_files", "expected an object");
        switch (fileSource(backup)) {
            case BACKUP_RECORD -> refuseRecord(backup.backupId());
            case BUCKET -> checkBucket(backup.bucketName());
            default -> require(false, "file_source", "expected " + BUCKET);
        }
        require(backup.files() != null && !backup.files().isEmpty(), "files", "expected at least one file");
        return backup.files().stream().map(CreateRequestRules::file).toList();
    }

    private static String fileSource(CreateMigrationTaskRequest.BackupFiles backup) {
        if (backup.fileSource() != null) {
            return backup.fileSource();
        }
        return backup.backupId() != null && backup.files() == null ? BACKUP_RECORD : BUCKET;
    }

    private static void refuseRecord(String backupId) {
        require(backupId != null, "backup_id", "expected the id of a backup record");
        if (!matches(UUID, backupId)) {
            throw new ApiException(ErrorCode.INVALID_INSTANCE_ID);
        }
        throw new ApiException(ApiError.of(
                ErrorCode.BACKUP_RECORD_UNUSABLE,
                "importing a backup record is not offered yet: name its file with file_source " + BUCKET));
    }

    private void checkBucket(String bucket) {
        require(bucket != null && !bucket.isBlank(), "bucket_name", "expected the name of a bucket");
        require(
                buckets.allows(bucket),
                "bucket_name",
                "this bucket may not be read: redisbackup.buckets.allow does not name it");
    }

    private static RequestedFile file(CreateMigrationTaskRequest.File file) {
        require(file != null, "files", "expected objects");
        String name = file.fileName();
        require(
                name != null && !name.isBlank() && name.getBytes(StandardCharsets.UTF_8).length <= MAX_KEY_BYTES,
                "file_name",
                "expected an object key of 1 to " + MAX_KEY_BYTES + " bytes");
        return new RequestedFile(name, file.size(), file.updateAt());
    }

    private static String targetId(CreateMigrationTaskRequest.TargetInstance target) {
        require(target != null, "target_instance", "expected an object");
        require(target.id() != null && !target.id().isBlank(), "target_instance", "expected its id");
        if (!matches(UUID, target.id())) {
            throw new ApiException(ErrorCode.INVALID_INSTANCE_ID);
        }
        return target.id();
    }

    private static boolean matches(Pattern pattern, String value) {
        return value != null && pattern.matcher(value).matches();
    }

    private static void require(boolean right, String field, String expected) {
        if (!right) {
            throw new ApiException(ApiError.invalidField(field, expected));
        }
    }
}
