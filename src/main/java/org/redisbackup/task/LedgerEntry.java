package org.redisbackup.task;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.redisbackup.redis.KeyFailure;
import org.redisbackup.source.BackupFile;

/**
 * One line of a ledger: a key, function library, script or command that did not reach the target, or a file that was not
 * read to its end.
 *
 * @param bucket of the file
 * @param file its key in the bucket
 * @param etag of the version that was read
 * @param dump in the file, as {@link KeyFailure#dump} says it; null when the file is the dump, and for a file
 * @param database in the backup; null where there is none
 * @param type as {@link KeyFailure#type} says it; {@value #FILE} for a file
 * @param key fit to be shown; null for a file
 * @param keyBase64 the key's exact bytes, or null, as {@link KeyFailure#exactKey}
 * @param offset of the record or command, in bytes from the start of the dump; null where there is none
 * @param outcome {@code failed}, {@code unsupported}, or {@code stopped} for a file
 * @param reason one sentence
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record LedgerEntry(
        String bucket,
        String file,
        String etag,
        String dump,
        Integer database,
        String type,
        String key,
        String keyBase64,
        Long offset,
        String outcome,
        String reason) {
    /** The {@link #type} of a file. */
    static final String FILE = "file";

    static LedgerEntry of(BackupFile file, KeyFailure failure) {
        boolean placed = failure.offset() != KeyFailure.NOWHERE;
        return new LedgerEntry(
                file.bucket(),
                file.key(),
                file.etag(),
                failure.dump(),
                placed ? failure.db() : null,
                failure.type(),
                failure.key(),
                failure.exactKey() == null
                        ? null
                        : Base64.getEncoder().encodeToString(failure.exactKey().getBytes(StandardCharsets.ISO_8859_1)),
                placed ? failure.offset() : null,
                failure.outcome().name().toLowerCase(Locale.ROOT),
                failure.reason());
    }

    static LedgerEntry of(BackupFile file, LedgerIndex.Outcome outcome, String reason) {
        return new LedgerEntry(
                file.bucket(),
                file.key(),
                file.etag(),
                null,
                null,
                FILE,
                null,
                null,
                null,
                outcome.name().toLowerCase(Locale.ROOT),
                reason);
    }

    /** Whether it names the record of a key. */
    boolean isKey() {
        return offset != null && !type.startsWith(KeyFailure.COMMAND);
    }

    /** Whether it names a function library or a script. */
    boolean isCode() {
        return type.equals(KeyFailure.FUNCTION) || type.equals(KeyFailure.SCRIPT);
    }
}
