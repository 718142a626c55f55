package org.redisbackup.archive;

import java.util.List;
import org.redisbackup.aof.AofPart;
import org.redisbackup.aof.BackupFormat;

/**
 * One dump of a backup.
 *
 * @param name null when the backup is the dump itself; empty when the backup is one compressed dump; else the name of the
 *     archive's entry, or of the manifest of a multi-part append-only file, fit to be shown
 * @param parts the dump's bytes, to be opened once each and read one part after the other: one part, or those of a
 *     multi-part append-only file. Valid until the next dump is asked for. Closing what is read out of an archive does
 *     nothing: the backup itself is to be closed
 * @param appendOnly whether a name or a manifest says that it is an append-only file; else its content tells
 */
public record Dump(String name, List<AofPart> parts, boolean appendOnly) {
    /** Whether it is one of the files of an archive. */
    public boolean isOfArchive() {
        return name != null && !name.isEmpty();
    }

    /** Whether a file that starts like this is a dump. */
    static boolean is(byte[] head) {
        return BackupFormat.of(head) != BackupFormat.UNKNOWN;
    }
}
