package org.redisbackup.task;

import org.redisbackup.rdb.Checkpoint;
import org.redisbackup.rdb.ResumePoint;
import org.redisbackup.redis.RestoreResult;
import org.redisbackup.source.BackupFile;

/**
 * From where the import of one file goes on when the service that runs it ends.
 *
 * @param file the version of it that is imported
 * @param pieces of it that are settled without a gap, as {@link ResumePoint} counts them
 * @param place of the next piece, where the file can be read from there on, else null
 * @param promised pieces that may have been sent: not one more was
 * @param result what became of the pieces before the checkpoint
 * @param end how the file ended, or null when it has not
 * @param ledger of the failures among the pieces before the checkpoint; when the file has ended, of all
 */
record FileCheckpoint(
        BackupFile file,
        long pieces,
        Checkpoint place,
        long promised,
        RestoreResult result,
        FileSnapshot end,
        FileLedger ledger) {
    /** One that was kept by an older version has no ledger. */
    FileCheckpoint {
        ledger = ledger == null ? FileLedger.NONE : ledger;
    }

    static FileCheckpoint start(BackupFile file) {
        return new FileCheckpoint(file, 0, null, 0, RestoreResult.NONE, null, FileLedger.NONE);
    }

    FileCheckpoint promising(long more) {
        return new FileCheckpoint(file, pieces, place, more, result, end, ledger);
    }

    FileCheckpoint ended(FileSnapshot how) {
        return new FileCheckpoint(file, pieces, place, promised, result, how, ledger);
    }

    FileCheckpoint with(FileLedger other) {
        return new FileCheckpoint(file, pieces, place, promised, result, end, other);
    }

    ResumePoint resumePoint() {
        return new ResumePoint(pieces, place);
    }

    /** Whether more is done than at another checkpoint of the file. */
    boolean isBeyond(FileCheckpoint other) {
        return pieces > other.pieces || (end != null && other.end == null);
    }
}
