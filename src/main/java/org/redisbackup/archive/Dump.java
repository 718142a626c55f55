package org.redisbackup.archive;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
    /** Whether a file that starts like this is an RDB of Redis or Valkey. */
    static boolean is(byte[] head) {
        String start = new String(head, StandardCharsets.ISO_8859_1);
        return start.startsWith("REDIS") || start.startsWith("VALKEY");
    }

    /** The archive's entry for a place in a message. */
    EntryName entry() {
        return name == null || name.isEmpty() ? null : new EntryName(name);
    }
}
