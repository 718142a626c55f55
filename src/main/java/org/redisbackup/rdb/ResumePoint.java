package org.redisbackup.rdb;

import java.io.Serializable;

/**
 * Where the reading of a backup goes on.
 *
 * @param pieces that stand before it, as {@link BackupBatch#pieces} counts them; they are not handed out again
 * @param place in the stream, which is read from there on, behind {@link Checkpoint#head}; null when it is read from its
 *     start and the pieces are gone over
 */
public record ResumePoint(long pieces, Checkpoint place) implements Serializable {
    /** The start of every backup. */
    public static final ResumePoint START = new ResumePoint(0, null);
}
