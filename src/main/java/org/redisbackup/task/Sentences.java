package org.redisbackup.task;

import org.redisbackup.archive.BackupContentException;
import org.redisbackup.rdb.BackupFormatException;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.KeyDifference;
import org.redisbackup.redis.KeyFailure;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.SourceException;

/** Turns what went wrong into the one sentence that a task shows. */
final class Sentences {
    private Sentences() {}

    /** What went wrong with the file, naming it once, as {@code s3://bucket/key} or {@code s3://bucket/key!entry}. */
    static String of(BackupFile file, Throwable failure) {
        Throwable cause = tellingCause(failure);
        if (cause instanceof BackupContentException content && content.entry() != null) {
            return file.uri() + "!" + content.entry() + ": " + content.problem();
        }
        String what = of(cause);
        return what.contains(file.uri()) ? what : file.uri() + ": " + what;
    }

    /** The first message on the way to the root cause that was written for users, else that of the root cause. */
    static String of(Throwable failure) {
        Throwable cause = tellingCause(failure);
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        return withoutStop(isForUsers(cause) ? message : cause.getClass().getSimpleName() + ": " + message);
    }

    private static Throwable tellingCause(Throwable failure) {
        Throwable cause = failure;
        while (!isForUsers(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Which key, function library, script or command of the file did not reach the target, and why. */
    static String of(String file, KeyFailure failure) {
        String dump = failure.dump();
        String place = dump == null || dump.isEmpty() ? file : file + "!" + dump;
        String what =
                switch (failure.type()) {
                    case KeyFailure.FUNCTION -> "function library \"" + failure.key() + "\" was not loaded";
                    case KeyFailure.SCRIPT -> "the script with the SHA-1 " + failure.key() + " was not loaded";
                    default ->
                        failure.type() + " \"" + failure.key() + "\" of database " + failure.db() + " (at byte "
                                + failure.offset() + (dump == null ? "" : " of the dump") + ") was not "
                                + (failure.type().startsWith(KeyFailure.COMMAND) ? "executed" : "imported");
                };
        return place + ": " + what + ": " + withoutStop(failure.reason());
    }

    /** Which key of the file is on the target otherwise, and how. */
    static String of(String file, KeyDifference difference) {
        String dump = difference.dump();
        return (dump == null || dump.isEmpty() ? file : file + "!" + dump) + ": " + difference.type() + " \""
                + difference.key() + "\" of database " + difference.db() + " (at byte " + difference.offset()
                + (dump == null ? "" : " of the dump") + ") " + difference.reason();
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private static boolean isForUsers(Throwable failure) {
        return failure instanceof BackupFormatException
                || failure instanceof BackupContentException
                || failure instanceof DeliveryException
                || failure instanceof SourceException;
    }
}
