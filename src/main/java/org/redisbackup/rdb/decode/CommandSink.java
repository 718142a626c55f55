package org.redisbackup.rdb.decode;

import java.io.IOException;

/** Takes commands, one at a time, in the order in which they have to be executed. */
@FunctionalInterface
public interface CommandSink {
    /**
     * Takes a whole command: a RESP array of bulk strings. The bytes are valid during the call only.
     *
     * @throws IOException to end the rebuilding of the value
     */
    void command(byte[] resp, int offset, int length) throws IOException;
}
