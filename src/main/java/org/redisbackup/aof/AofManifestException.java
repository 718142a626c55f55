package org.redisbackup.aof;

import java.io.IOException;

/** A manifest is not what servers write. The message says which line, and what was due. */
public class AofManifestException extends IOException {
    private static final long serialVersionUID = 1L;

    AofManifestException(String problem) {
        super(problem);
    }

    /** @param number of the line, from 1 on */
    AofManifestException(int number, String line, String problem) {
        super("line " + number + " of the manifest, \"" + line + "\", " + problem);
    }
}
