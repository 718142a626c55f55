package org.redisbackup.task;

import java.io.UncheckedIOException;
import org.redisbackup.rdb.RdbFormatException;
import org.redisbackup.redis.DeliveryException;
import org.redisbackup.redis.KeyFailure;
import org.redisbackup.source.BackupFile;
import org.redisbackup.source.SourceException;

/** Turns what went wrong into the one sentence that a task shows. */
final class Sentences {
    private Sentences() {}

    /** What went wrong with the file, naming it once. */
    static String of(BackupFile file, Throwable failure) {
        String what = of(failure);
        return what.contains(file.uri()) ? what : file.uri() + ": " + what;
    }

    /** The message of the innermost cause that was written for users, else of the innermost cause. */
    static String of(Throwable failure) {
        Throwable cause = failure;
        while (!isForUsers(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return cause.getClass().getSimpleName();
        }
        return withoutStop(isForUsers(cause) ? message : cause.getClass().getSimpleName() + ": " + message);
    }

    /** Which key or function library of the file did not reach the target, and why. */
    static String of(String file, KeyFailure failure) {
        String what = failure.type().equals(KeyFailure.FUNCTION)
                ? "function library \"" + failure.key() + "\" was not loaded"
                : failure.type() + " \"" + failure.key() + "\" of database " + failure.db() + " (at byte "
                        + failure.offset() + ") was not imported";
        return file + ": " + what + ": " + withoutStop(failure.reason());
    }

    private static String withoutStop(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private static boolean isForUsers(Throwable failure) {
        return !(failure instanceof UncheckedIOException)
                && (failure instanceof RdbFormatException
                        || failure instanceof DeliveryException
                        || failure instanceof SourceException);
    }
}
