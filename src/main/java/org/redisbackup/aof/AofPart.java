package org.redisbackup.aof;

import java.io.IOException;
import java.io.InputStream;

/**
 * One file of an append-only backup.
 *
 * @param name as {@link CommandBatch#dump} tells it
 * @param source gives its bytes
 */
public record AofPart(String name, Source source) {
    /** Opens a file when its turn has come. */
    @FunctionalInterface
    public interface Source {
        /**
         * @return the bytes from the start on; closed by the reader
         * @throws IOException when the file can't be read
         */
        InputStream open() throws IOException;
    }
}
