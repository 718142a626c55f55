package org.redisbackup.redis;

import java.io.IOException;

/**
 * Takes the replies to commands that were sent one after the other, in their order. The thread that reads the replies
 * calls it.
 */
interface ReplySink {
    /**
     * One more reply.
     *
     * @param reply gives the words of an error
     * @return whether it was the last one
     * @throws IOException when the connection must not be used any more
     */
    boolean take(ReplyKind kind, ReplyReader reply) throws IOException;

    /** All replies are there. */
    void complete();

    /** Whether the thread that sent the commands waits, with the connection's monitor in its hands. */
    default boolean isAwaited() {
        return false;
    }

    /**
     * No more replies come.
     *
     * @param why one sentence, and what broke as its cause
     */
    void lost(IOException why);
}
