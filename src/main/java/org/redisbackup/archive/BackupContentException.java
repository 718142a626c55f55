package org.redisbackup.archive;

import java.io.IOException;

/** What a backup holds can't be unpacked or read. */
public class BackupContentException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String entry;
    private final String problem;

    BackupContentException(String problem) {
        this(null, problem, null);
    }

    /**
     * @param entry of the archive that is wrong; null when it is the backup as a whole
     * @param problem a sentence without its full stop
     */
    BackupContentException(EntryName entry, String problem, Throwable cause) {
        super((entry == null ? "" : entry + ": ") + problem, cause);
        this.entry = entry == null ? null : entry.toString();
        this.problem = problem;
    }

    /** The name of the archive's entry that is wrong; null when it is the backup as a whole. */
    public String entry() {
        return entry;
    }

    /** A sentence without its full stop, which does not name the entry. */
    public String problem() {
        return problem;
    }
}
