package org.redisbackup.fuzz;

import java.io.IOException;
import org.redisbackup.archive.BackupContentException;
import org.redisbackup.rdb.BackupFormatException;

/** How hostile input may be refused: by an exception that says what is wrong, and not because memory ran out. */
final class Refusal {
    private static final String OUT_OF_MEMORY = "the heap is too small to ";

    private Refusal() {}

    /**
     * The words in which input was refused.
     *
     * @throws AssertionError when they are not those of a typed refusal
     */
    static String words(IOException e) {
        String problem = e instanceof BackupFormatException broken
                ? broken.problem()
                : e instanceof BackupContentException broken ? broken.problem() : null;
        if (problem == null || problem.startsWith(OUT_OF_MEMORY)) {
            throw new AssertionError("not the way to refuse a backup", e);
        }
        return e.getMessage();
    }
}
