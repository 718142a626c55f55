package org.redisbackup.index;

import java.io.IOException;

/** Is shown keys. */
@FunctionalInterface
public interface NameVisitor {
    /** @param db of the target, 0 and up */
    void visit(int db, byte[] key) throws IOException;
}
