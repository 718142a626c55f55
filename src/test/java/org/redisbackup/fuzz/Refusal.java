package org.redisbackup.fuzz;

import java.io.IOException;
import java.util.List;

/** How hostile input may be refused: by an exception that says what is wrong, and not because memory ran out. */
final class Refusal {
    private static final String OUT_OF_MEMORY = "the heap is too small";

    private Refusal() {}

    /**
     * The words in which input was refused.
     *
     * @throws AssertionError when no exception of these classes says them
     */
    static String words(IOException e, Class<?>... expected) {
        boolean isExpected = List.of(expected).stream().anyMatch(type -> type.isInstance(e));
        if (!isExpected || e.getMessage().startsWith(OUT_OF_MEMORY)) {
            throw new AssertionError("not the way to refuse a backup", e);
        }
        return e.getMessage();
    }
}
