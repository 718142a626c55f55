package org.redisbackup.archive;

import java.io.InputStream;
import java.util.List;

/**
 * One dump of a backup.
 *
 * @param name null when the backup is the dump itself; empty when the backup is one compressed dump; else the name of the
 *     archive's entry, or of the manifest of a multi-part append-only file
 * @param parts the dump's bytes, to be read one part after the other: one part, or those of a multi-part append-only file.
 *     Valid until the next dump is asked for. Closing one closes the backup
 */
public record Dump(String name, List<InputStream> parts) {
    /** The archive's entry for a place in a message. */
    EntryName entry() {
        return name == null || name.isEmpty() ? null : new EntryName(name);
    }
}
