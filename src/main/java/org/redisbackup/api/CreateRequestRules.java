package org.redisbackup.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.redisbackup.task.AllowedBuckets;
import org.redisbackup.task.ImportOptions;
import org.redisbackup.task.ImportTask;
import org.redisbackup.task.RequestedBackup;
import org.redisbackup.task.RequestedFile;

/** What the contract asks of the fields of CreateMigrationTask, and the bounds that it leaves open. */
final class CreateRequestRules {
    static final String IMPORT = "backupfile_import";
    static final String BUCKET = "self_build_obs";
    static final String RECORD = "backup_record";

    private static final Set<String> METHODS = Set.of("full_amount_migration", "incremental_migration");
    private static final Set<String> SOURCES = Set.of(BUCKET, RECORD);
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{3,63}");
    private static final int MAX_DESCRIPTION = 1024;
    private static final int MAX_FILES = 1000;
    private static final int MAX_KEY_BYTES = 1024; // of S3
    private static final int MAX_ECHOED = 64;
    private static final int MAX_PASSWORD = 512;

    private final AllowedBuckets buckets;

    CreateRequestRules(AllowedBuckets buckets) {
        this.buckets = buckets;
    }

    /**
     * @return the options that it asks for
     * @throws ApiException for the first field, in their order, that the contract does not allow
     */
    ImportOptions check(CreateMigrationTaskRequest request) {
        require(
                request.taskName() != null && NAME.matcher(request.taskName()).matches(),
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
        checkEchoed(request.networkType(), "network_type");
        boolean retries =
                request.importOptions() != null && request.importOptions().get("retry_of") != null;
        if (retries) {
            require(
                    request.backupFiles() == null,
                    "backup_files",
                    "the task that retry_of names has files already: leave backup_files out");
        } else {
            check(request.backupFiles());
        }
        check(request.targetInstance());
        return options(request, () -> ImportOptions.of(request.importOptions()));
    }

    /**
     * @param first the task that is retried
     * @return the options that the request asks for, beside those of that task
     */
    ImportOptions retrying(ImportTask first, CreateMigrationTaskRequest request) {
        checkBucket(first.backup().bucket());
        return options(request, () -> first.options().retriedWith(request.importOptions()));
    }

    private ImportOptions options(CreateMigrationTaskRequest request, Supplier<ImportOptions> requested) {
        ImportOptions options;
        try {
            options = requested.get();
            options.requireMethod(request.migrationMethod());
        } catch (IllegalArgumentException e) {
            throw invalidOptions(e);
        }
        String bucket = options.ledger() == null ? null : options.ledger().bucket();
        require(
                bucket == null || buckets.allows(bucket),
                "import_options",
                "no ledger may be written to this bucket: redisbackup.buckets.allow does not name it");
        return options;
    }

    static ApiException invalidOptions(IllegalArgumentException e) {
        return new ApiException(ApiError.invalidField("import_options", e.getMessage()));
    }

    private void check(CreateMigrationTaskRequest.BackupFiles backup) {
        require(backup != null, "backup_files", "expected an object");
        require(
                backup.fileSource() == null || SOURCES.contains(backup.fileSource()),
                "file_source",
                "expected " + BUCKET + " or " + RECORD);
        if (backup.isRecord()) {
            require(backup.backupId() != null, "backup_id", "expected the id of a backup record");
            Identifiers.uuid(backup.backupId());
        } else {
            checkBucket(backup.bucketName());
            checkFiles(backup.files());
        }
    }

    private void checkBucket(String bucket) {
        require(bucket != null && !bucket.isBlank(), "bucket_name", "expected the name of a bucket");
        require(
                buckets.allows(bucket),
                "bucket_name",
                "this bucket may not be read: redisbackup.buckets.allow does not name it");
    }

    private static void checkFiles(List<CreateMigrationTaskRequest.File> files) {
        require(
                files != null && !files.isEmpty() && files.size() <= MAX_FILES && !files.contains(null),
                "files",
                "expected 1 to " + MAX_FILES + " files");
        for (CreateMigrationTaskRequest.File file : files) {
            require(isKey(file.fileName()), "file_name", "expected an object key of 1 to " + MAX_KEY_BYTES + " bytes");
            checkEchoed(file.size(), "size");
            checkEchoed(file.updateAt(), "update_at");
        }
    }

    private static boolean isKey(String name) {
        return name != null
                && !name.isBlank()
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_KEY_BYTES
                && name.chars().noneMatch(Character::isISOControl);
    }

    private static void checkEchoed(String value, String field) {
        require(value == null || value.length() <= MAX_ECHOED, field, "expected at most " + MAX_ECHOED + " characters");
    }

    private static void check(CreateMigrationTaskRequest.TargetInstance target) {
        require(target != null, "target_instance", "expected an object");
        require(target.id() != null || target.address() != null, "target_instance", "expected its id");
        if (target.id() != null) {
            Identifiers.uuid(target.id());
        }
        if (target.password() != null && target.password().length() > MAX_PASSWORD) {
            throw new ApiException(ErrorCode.PASSWORD_MISSING);
        }
    }

    /** What a checked request names itself. */
    static RequestedBackup requested(CreateMigrationTaskRequest.BackupFiles backup) {
        return RequestedBackup.ofFiles(
                backup.bucketName(),
                backup.files().stream()
                        .map(file -> new RequestedFile(file.fileName(), file.size(), file.updateAt()))
                        .toList());
    }

    private static void require(boolean right, String field, String expected) {
        if (!right) {
            throw new ApiException(ApiError.invalidField(field, expected));
        }
    }
}
